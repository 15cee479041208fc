/** The clients that the lab knows how to call. */
import type { Client } from "./client.ts";
import { curl, gitSendEmail, msmtp, sNail, swaks } from "./command-line.ts";
import * as go from "./go.ts";
import { javaMail } from "./java.ts";
import { mailutils, mutt, neomutt, sendEmail } from "./mail-program.ts";
import { emailjs, nodemailer, upyo } from "./node.ts";
import * as perl from "./perl.ts";
import { pearMail, phpMailer, swiftMailer, symfonyMailer } from "./php.ts";
import { postseal, postsealMailer } from "./postseal.ts";
import { aiosmtplib, django, smtplib, twisted } from "./python.ts";
import { exim, postfix } from "./relay.ts";
import * as ruby from "./ruby.ts";
import { tclSmtp } from "./tcl.ts";

export const clients: readonly Client[] = [
  postseal,
  postsealMailer,
  nodemailer,
  upyo,
  emailjs,
  smtplib,
  aiosmtplib,
  django,
  twisted,
  ruby.netSmtp,
  ruby.mail,
  perl.netSmtp,
  perl.emailSender,
  phpMailer,
  symfonyMailer,
  swiftMailer,
  pearMail,
  go.netSmtp,
  go.goSmtp,
  javaMail,
  tclSmtp,
  curl,
  msmtp,
  swaks,
  sNail,
  mutt,
  neomutt,
  mailutils,
  sendEmail,
  gitSendEmail,
  postfix,
  exim,
];
