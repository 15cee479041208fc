/** The libraries that are compared, and how each is used. */
import type { Habits } from "./client/driver.ts";

export type DriverName = "postseal" | "nodemailer" | "upyo" | "emailjs" | "smtplib" | "curl" | "raw";

export interface Contestant extends Habits {
  readonly id: string;
  readonly name: string;
  readonly driver: DriverName;
  /** How many sends the caller keeps open. With 1 it awaits each before the next. */
  readonly open: number;
}

export const contestants: readonly Contestant[] = [
  peer("nodemailer-1", "Nodemailer, pool of 1", "nodemailer", { open: 16 }),
  peer("nodemailer-5", "Nodemailer, pool of 5", "nodemailer", { connections: 5, open: 80 }),
  peer("upyo-1", "Upyo, 1 connection", "upyo", { open: 1 }),
  peer("upyo-5", "Upyo, 5 connections", "upyo", { connections: 5, open: 5 }),
  peer("emailjs", "emailjs", "emailjs", { open: 16 }),
  peer("smtplib", "Python smtplib, ready-made", "smtplib", { isReady: true }),
  peer("curl", "curl, ready-made", "curl", { isReady: true }),
  peer("postseal-1", "Postseal, each awaited", "postseal", {}),
  peer("postseal-16", "Postseal, 16 in flight", "postseal", { window: 16, open: 32 }),
  peer("postseal-64", "Postseal, 64 in flight", "postseal", { window: 64, open: 128 }),
  peer("postseal-5", "Postseal, pool of 5, 8 in flight", "postseal", { connections: 5, window: 8, open: 128 }),
  peer("postseal-ready-1", "Postseal, ready-made, each awaited", "postseal", { isReady: true }),
  peer("postseal-ready-64", "Postseal, ready-made, 64 in flight", "postseal", { window: 64, open: 128, isReady: true }),
  peer("raw-1", "raw socket, 1 in flight (the limit)", "raw", { isReady: true }),
  peer("raw-64", "raw socket, 64 in flight (the limit)", "raw", { window: 64, open: 64, isReady: true }),
];

/** The one that all others are compared with. */
export const YARDSTICK = "nodemailer-1";

function peer(
  id: string,
  name: string,
  driver: DriverName,
  { connections = 1, window = 1, open = 1, isReady = false }: Partial<Habits & { readonly open: number }>,
): Contestant {
  return { id, name, driver, connections, window, open, isReady };
}
