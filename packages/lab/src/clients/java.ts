/** The best-known library of Java, from the system's packages. A driver in BeanShell needs no compiler. */
import type { Client, Configuration } from "./client.ts";
import { driver, outputOf, session } from "./program.ts";

const JARS = ["bsh", "javax.mail", "javax.activation"].map((name) => `/usr/share/java/${name}.jar`);
/** So that it starts soon, and writes nothing outside its folder. */
const OPTIONS = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData"];
const JAVA = ["java", ...OPTIONS, "-cp", JARS.join(":"), "bsh.Interpreter", driver("java-mail.bsh")];
const CHECKED = "ssl.checkserveridentity";

export const javaMail: Client = {
  id: "javamail",
  name: "JavaMail",
  version: async () => (await outputOf([...JAVA, "--version"]))?.trim(),
  configurations: [
    {
      ...properties("starttls.enable", "default", "starttls"),
      remedies: {
        leak: `set mail.smtp.starttls.required and mail.smtp.${CHECKED} to true`,
      },
    },
    properties(`starttls.enable starttls.required ${CHECKED}`, "strict", "starttls"),
    {
      ...properties("ssl.enable", "default", "implicit"),
      remedies: { leak: `set mail.smtp.${CHECKED} to true` },
    },
    properties(`ssl.enable ${CHECKED}`, "strict", "implicit"),
  ],
  remedies: {
    "weak-tls": "set mail.smtp.ssl.protocols to TLSv1.3",
    hang: "limit the whole of send() with a thread of your own: mail.smtp.timeout begins again whenever something comes",
  },
};

/** `name`: the properties that are true, without the `mail.smtp.` before them. */
function properties(
  name: string,
  intent: Configuration["intent"],
  transport: Configuration["transports"][number],
): Configuration {
  return {
    name,
    intent,
    transports: [transport],
    command: () => [...JAVA, name, ...session, "{message}", "{ca}", "{work}"],
  };
}
