"""Drives smtplib or curl: reads orders as lines from standard input, writes each run's CPU and memory as JSON."""

import json
import resource
import smtplib
import ssl
import subprocess
import sys


def main() -> None:
    order = json.loads(sys.stdin.readline())
    peer = Smtplib(order) if order["peer"] == "smtplib" else Curl(order)
    for line in sys.stdin:
        before = resource.getrusage(peer.whose)
        peer.run(int(line))
        after = resource.getrusage(peer.whose)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print(json.dumps({"cpu": cpu, "peak": after.ru_maxrss * 1024}), flush=True)
    peer.close()


class Smtplib:
    whose = resource.RUSAGE_SELF

    def __init__(self, order: dict) -> None:
        context = ssl.create_default_context(cafile=order["caFile"])
        if order["transport"] == "implicit":
            self.session = smtplib.SMTP_SSL(order["host"], order["port"], context=context)
        else:
            self.session = smtplib.SMTP(order["host"], order["port"])
            self.session.starttls(context=context)
        self.session.login(order["username"], order["password"])
        self.order = order
        with open(order["message"], "rb") as file:
            self.message = file.read()

    def run(self, count: int) -> None:
        for _ in range(count):
            self.session.sendmail(self.order["from"], self.order["to"], self.message)

    def close(self) -> None:
        self.session.quit()


class Curl:
    """One process for each run, which keeps its connection for all messages of the run."""

    whose = resource.RUSAGE_CHILDREN

    def __init__(self, order: dict) -> None:
        scheme = "smtps" if order["transport"] == "implicit" else "smtp"
        self.transfer = "\n".join(
            [
                f'url = "{scheme}://{order["host"]}:{order["port"]}"',
                f'cacert = "{order["caFile"]}"',
                f'user = "{order["username"]}:{order["password"]}"',
                "ssl-reqd",
                f'mail-from = "{order["from"]}"',
                *[f'mail-rcpt = "{address}"' for address in order["to"]],
                f'upload-file = "{order["message"]}"',
            ]
        )

    def run(self, count: int) -> None:
        orders = "\nnext\n".join([self.transfer] * count)
        command = ["curl", "--disable", "--silent", "--show-error", "--fail-early", "--config", "-"]
        subprocess.run(command, input=orders.encode(), stdout=subprocess.DEVNULL, check=True)

    def close(self) -> None:
        pass


main()
