"""Python's smtplib, in the idioms that it is used in."""
import smtplib
import ssl
import sys

PATIENCE = 4


def log_in_and_send(smtp):
    smtp.login(username, password)
    with open(message, "rb") as file:
        smtp.sendmail(sender, [recipient], file.read())


def starttls():
    with smtplib.SMTP(host, port, timeout=PATIENCE) as smtp:
        smtp.starttls()
        log_in_and_send(smtp)


def starttls_with_context():
    with smtplib.SMTP(host, port, timeout=PATIENCE) as smtp:
        smtp.starttls(context=ssl.create_default_context())
        log_in_and_send(smtp)


def starttls_if_offered():
    with smtplib.SMTP(host, port, timeout=PATIENCE) as smtp:
        smtp.ehlo()
        if smtp.has_extn("starttls"):
            smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo()
        log_in_and_send(smtp)


def implicit():
    with smtplib.SMTP_SSL(host, port, timeout=PATIENCE) as smtp:
        log_in_and_send(smtp)


def implicit_with_context():
    with smtplib.SMTP_SSL(host, port, timeout=PATIENCE, context=ssl.create_default_context()) as smtp:
        log_in_and_send(smtp)


IDIOMS = {
    "starttls()": starttls,
    "starttls(context)": starttls_with_context,
    'if has_extn("starttls")': starttls_if_offered,
    "SMTP_SSL()": implicit,
    "SMTP_SSL(context)": implicit_with_context,
}

_, idiom, _, host, port, username, password, sender, recipient, message = sys.argv
IDIOMS[idiom]()
