/** The chain that Node reports is not believed. `test/attack/root-origin.test.ts` has the handshakes. */
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { test } from "node:test";
import type { Authorities } from "./authorities.ts";
import { verifiedPath } from "./path.ts";

/** DER in base64. Valid from 2020 to 2120, but `link` to 2040. */
const made = {
  root:
    "MIIBezCCASCgAwIBAgIJAfCH+w1NlimzMAoGCCqGSM49BAMCMA8xDTALBgNVBAMTBFJvb3QwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMD" +
    "AwMDBaMA8xDTALBgNVBAMTBFJvb3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASKG+uilZVIqtcNuDf06ufmnnREUbLbmiM/Zbf1GjaxtNSB" +
    "VozyP9lwbOXp0dZ7ikn3jFqkT3HdVzYjykh11M08o2MwYTAPBgNVHRMBAf8EBTADAQH/MA4GA1UdDwEB/wQEAwICBDAdBgNVHQ4EFgQUgd3jAs" +
    "AP6ZGvnxs8DMU+QJTh6mAwHwYDVR0jBBgwFoAUgd3jAsAP6ZGvnxs8DMU+QJTh6mAwCgYIKoZIzj0EAwIDSQAwRgIhAKGcoqQBYxXh+IeJpn8F" +
    "BgExsUkN1dJr0iY8dYWybnx2AiEA58hBPD2rSIpYjKj6PIMQ92Quq3hrIYxvbJR99nFYpPA=",
  link:
    "MIIBeDCCAR6gAwIBAgIJAa2C/wPVxwV6MAoGCCqGSM49BAMCMA8xDTALBgNVBAMTBFJvb3QwHhcNMjAwMTAxMDAwMDAwWhcNNDAwMTAxMDAwMD" +
    "AwWjAPMQ0wCwYDVQQDEwRMaW5rMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEel2s4oa5+A4iVRAHUFsPxdwNe9qspoLHOU3lXBaY0KcZlkZy" +
    "qTfhct/Q9Ekjp/P4rfpq8R3KHJ37KhiTDUB5qaNjMGEwDwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8EBAMCAgQwHQYDVR0OBBYEFFgujsVztj" +
    "o/BoWEhhqB05z9t4rqMB8GA1UdIwQYMBaAFIHd4wLAD+mRr58bPAzFPkCU4epgMAoGCCqGSM49BAMCA0gAMEUCIE9TStaULw8ejksBozXbesXc" +
    "rTLI0g1ABPEu89CQWEUnAiEAyw/NP0pFhRj7J/5JVyw4yB+/kaMCYgJJt1jorQlsdZk=",
  leaf:
    "MIIBrDCCAVKgAwIBAgIJARcIzrNqrstpMAoGCCqGSM49BAMCMA8xDTALBgNVBAMTBExpbmswIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMD" +
    "AwMDBaMA8xDTALBgNVBAMTBGxlYWYwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAS3ueIWKEvt3y8uHgt2XsWtzubTUf9XFga5Uk55ccLl9iqA" +
    "l+5e6yIy7VTBNh29DDS4itwT9BXevyBuuSp3fq6No4GUMIGRMAwGA1UdEwEB/wQCMAAwDgYDVR0PAQH/BAQDAgeAMBMGA1UdJQQMMAoGCCsGAQ" +
    "UFBwMBMB0GA1UdDgQWBBT0wRei26EMvzLz9xW3kODHT4SpRzAfBgNVHSMEGDAWgBRYLo7Fc7Y6PwaFhIYagdOc/beK6jAcBgNVHREEFTATghFz" +
    "bXRwLmV4YW1wbGUudGVzdDAKBggqhkjOPQQDAgNIADBFAiBmFWhhX6c3n2uq6Uv7/PMYYx7XM9DcFsc//fvBtIHW3gIhAMLeKH/UvZZ9bsMp4K" +
    "9WsN5KKWZQO/I0gJQJSb8CL2jX",
  unsignedLeaf:
    "MIIBiDCCAS+gAwIBAgIJAddoiDPTdGaiMAoGCCqGSM49BAMCMA8xDTALBgNVBAMTBExpbmswIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMD" +
    "AwMDBaMA8xDTALBgNVBAMTBGxlYWYwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAS3ueIWKEvt3y8uHgt2XsWtzubTUf9XFga5Uk55ccLl9iqA" +
    "l+5e6yIy7VTBNh29DDS4itwT9BXevyBuuSp3fq6No3IwcDAMBgNVHRMBAf8EAjAAMA4GA1UdDwEB/wQEAwIHgDATBgNVHSUEDDAKBggrBgEFBQ" +
    "cDATAdBgNVHQ4EFgQU9MEXotuhDL8y8/cVt5Dgx0+EqUcwHAYDVR0RBBUwE4IRc210cC5leGFtcGxlLnRlc3QwCgYIKoZIzj0EAwIDRwAwRAIg" +
    "COLD1wcS3ag3zivu55A4kTPyq9E1qUaMJKCACaGZPdwCIChZbI2xp8ofU2e2l6idHz/Q4JxVmJvsEahTzr8NXOfp",
  unsignedLink:
    "MIIBejCCASCgAwIBAgIJAaiUKvQUiOBwMAoGCCqGSM49BAMCMA8xDTALBgNVBAMTBFJvb3QwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMD" +
    "AwMDBaMA8xDTALBgNVBAMTBExpbmswWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAR6Xazihrn4DiJVEAdQWw/F3A172qymgsc5TeVcFpjQpxmW" +
    "RnKpN+Fy39D0SSOn8/it+mrxHcocnfsqGJMNQHmpo2MwYTAPBgNVHRMBAf8EBTADAQH/MA4GA1UdDwEB/wQEAwICBDAdBgNVHQ4EFgQUWC6OxX" +
    "O2Oj8GhYSGGoHTnP23iuowHwYDVR0jBBgwFoAUgd3jAsAP6ZGvnxs8DMU+QJTh6mAwCgYIKoZIzj0EAwIDSAAwRQIhAJ/20NhJo8+WpcDAtJ4N" +
    "ZCFSPrm/bKBFA1D0ctKHqbn9AiAzG+OeTJOKEMGZ5xmfw6yiGYoq3PRjfgEBUrVIOAALUA==",
  ownRoot:
    "MIIBfjCCASSgAwIBAgIJAS9N6v9BnA/NMAoGCCqGSM49BAMCMBExDzANBgNVBAMTBk5vYm9keTAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMT" +
    "AwMDAwMFowETEPMA0GA1UEAxMGTm9ib2R5MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEhX6LpFCkknSg3R418eIl0BDqBBUrORhmMTNEQxcC" +
    "RbWUrNLu22NGhSjmUaJ94kt9U85gO6LHbOU13zoQCcRqYqNjMGEwDwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8EBAMCAgQwHQYDVR0OBBYEFD" +
    "alqz3j3oIdLy9yYpkmBbTPFL0VMB8GA1UdIwQYMBaAFDalqz3j3oIdLy9yYpkmBbTPFL0VMAoGCCqGSM49BAMCA0gAMEUCIQC6eLxTdc3um5uD" +
    "dIFlmDfBrCned+pQzDFltCYjZk8unQIgMuECSak4gLNBGSGtylqaQ3Z7mOP/tYoJVyVdizJNmrw=",
  leafOfOwnRoot:
    "MIIBrjCCAVSgAwIBAgIJAUGjMZdLon5bMAoGCCqGSM49BAMCMBExDzANBgNVBAMTBk5vYm9keTAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMT" +
    "AwMDAwMFowDzENMAsGA1UEAxMEbGVhZjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABLe54hYoS+3fLy4eC3Zexa3O5tNR/1cWBrlSTnlxwuX2" +
    "KoCX7l7rIjLtVME2Hb0MNLiK3BP0Fd6/IG65Knd+ro2jgZQwgZEwDAYDVR0TAQH/BAIwADAOBgNVHQ8BAf8EBAMCB4AwEwYDVR0lBAwwCgYIKw" +
    "YBBQUHAwEwHQYDVR0OBBYEFPTBF6LboQy/MvP3FbeQ4MdPhKlHMB8GA1UdIwQYMBaAFDalqz3j3oIdLy9yYpkmBbTPFL0VMBwGA1UdEQQVMBOC" +
    "EXNtdHAuZXhhbXBsZS50ZXN0MAoGCCqGSM49BAMCA0gAMEUCIQDvf8KVOV8PKEs00OUcqlkn/dD5l5SddlcKi0M5nxVZrwIgFvbBuiOeFgKiov" +
    "PUkmYrFTNfpPODDk2buE5NGxwfglM=",
  crossed:
    "MIIBezCCASKgAwIBAgIJAXd11qLEA/SSMAoGCCqGSM49BAMCMA8xDTALBgNVBAMTBExpbmswIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMD" +
    "AwMDBaMBExDzANBgNVBAMTBk5vYm9keTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABIV+i6RQpJJ0oN0eNfHiJdAQ6gQVKzkYZjEzREMXAkW1" +
    "lKzS7ttjRoUo5lGifeJLfVPOYDuix2zlNd86EAnEamKjYzBhMA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgIEMB0GA1UdDgQWBBQ2pa" +
    "s9496CHS8vcmKZJgW0zxS9FTAfBgNVHSMEGDAWgBRYLo7Fc7Y6PwaFhIYagdOc/beK6jAKBggqhkjOPQQDAgNHADBEAiBIRfaz5xl8B/IO0QlY" +
    "TbyTMKqc3Zx1MNUwEO5PW+mlcAIgIysNY19WK7w4y3pA9uFwLHoOuzq9SzUhL2quyrSZ70M=",
  crossedBack:
    "MIIBezCCASKgAwIBAgIJAamyvfIv3YAwMAoGCCqGSM49BAMCMBExDzANBgNVBAMTBk5vYm9keTAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMT" +
    "AwMDAwMFowDzENMAsGA1UEAxMETGluazBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABHpdrOKGufgOIlUQB1BbD8XcDXvarKaCxzlN5VwWmNCn" +
    "GZZGcqk34XLf0PRJI6fz+K36avEdyhyd+yoYkw1AeamjYzBhMA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgIEMB0GA1UdDgQWBBRYLo" +
    "7Fc7Y6PwaFhIYagdOc/beK6jAfBgNVHSMEGDAWgBQ2pas9496CHS8vcmKZJgW0zxS9FTAKBggqhkjOPQQDAgNHADBEAiAvZGO01gWZ43Ywl0xP" +
    "88lrwpZ7eG3kzSU0rGxbJMl5nAIgNvHTkEe9b0T4Qt60sNJXeb3qu7lr1bwztSMiPZqvwrI=",
};
const certificate = (name: keyof typeof made): X509Certificate =>
  new X509Certificate(Buffer.from(made[name], "base64"));
const chain = (...names: readonly (keyof typeof made)[]): readonly X509Certificate[] => names.map(certificate);

/** Trusts only the root. */
const authorities: Authorities = {
  pem: [],
  originOf: ({ fingerprint256 }) => (fingerprint256 === certificate("root").fingerprint256 ? "added" : undefined),
  namedAsIssuerOf: ({ issuer }) => (issuer === certificate("root").subject ? [certificate("root")] : []),
  intermediates: () => [],
};

function subjects(...names: readonly (keyof typeof made)[]): readonly string[] | undefined {
  return verifiedPath(chain(...names), authorities, Date.UTC(2030, 0))?.map(({ subject }) => subject);
}

test("a path is followed up to a trusted root, whether the peer sent it or not", () => {
  const path = ["CN=leaf", "CN=Link", "CN=Root"];
  assert.deepEqual(subjects("leaf", "link"), path);
  assert.deepEqual(subjects("leaf", "link", "root"), path);
  assert.deepEqual(subjects("leaf", "ownRoot", "link"), path);
  assert.deepEqual(subjects("root"), ["CN=Root"]);
});

test("a link by name alone is not followed, whatever Node reports", () => {
  assert.equal(subjects("unsignedLeaf", "link", "root"), undefined);
  assert.equal(subjects("leaf", "unsignedLink", "root"), undefined);
});

test("a link out of its time is not followed", () => {
  for (const year of [2019, 2041]) {
    assert.equal(verifiedPath(chain("leaf", "link", "root"), authorities, Date.UTC(year, 0)), undefined);
  }
});

test("a root that only the peer has sent is not trusted", () => {
  assert.equal(subjects("leafOfOwnRoot", "ownRoot"), undefined);
});

test("the search ends even if two authorities vouch for each other", () => {
  assert.equal(subjects("leafOfOwnRoot", "crossed", "crossedBack"), undefined);
});

test("a chain that does not lead to a root has no path", () => {
  assert.equal(subjects("leaf"), undefined);
  assert.equal(subjects(), undefined);
});
