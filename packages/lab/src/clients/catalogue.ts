/** The clients that the lab knows how to call. */
import type { Client } from "./client.ts";
import { curl, gitSendEmail, msmtp, sNail, swaks } from "./command-line.ts";
import { go } from "./go.ts";
import { emailjs, nodemailer, upyo } from "./node.ts";
import { postseal, postsealMailer } from "./postseal.ts";
import { aiosmtplib, smtplib } from "./python.ts";
import { postfix } from "./relay.ts";
import { perl, phpMailer, ruby } from "./scripting.ts";

export const clients: readonly Client[] = [
  postseal,
  postsealMailer,
  nodemailer,
  upyo,
  emailjs,
  smtplib,
  aiosmtplib,
  ruby,
  perl,
  phpMailer,
  go,
  curl,
  msmtp,
  swaks,
  sNail,
  gitSendEmail,
  postfix,
];
