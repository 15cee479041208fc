/** Nodemailer's options as JSON, and as a URL; one with Symfony's options is Symfony's. */
import { importNodemailer } from "./nodemailer.ts";
import { type Options, readJsonOptions, readUrlOptions, urlIn } from "./nodemailer-options.ts";
import { hasSymfonyOptions, symfony } from "./programs/symfony.ts";
import type { Shape } from "./shape.ts";

export const nodemailerJson: Shape = {
  title: "JSON with Nodemailer's options",
  where: "also with transport and defaults, and Ghost's config.production.json",
  found: ({ text }) => (/^\s*\{/.test(text) ? 1 : undefined),
  read: ({ text }, name) => importNodemailer(readJsonOptions(text) ?? none, name),
};

export const nodemailerUrl: Shape = {
  title: "a URL of a server",
  where: "a variable, or alone in a line: smtp://, smtps://, smtp+tls://",
  found: ({ text }) => urlIn(text)?.line,
  read: (file, name) =>
    hasSymfonyOptions(urlIn(file.text)?.url ?? "")
      ? symfony.read(file, name)
      : importNodemailer(readUrlOptions(file.text) ?? none, name),
};

const none: Options = new Map();
