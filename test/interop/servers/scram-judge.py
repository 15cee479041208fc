"""Judges one SCRAM conversation with GNU SASL, so that our client is not judged by code of ours.

Standard input, a line each: mechanism, password, channel binding (base64), then what the client says (base64).
Standard output, a line for each of the client's: "continue BASE64", "right BASE64" or "wrong REASON".
"""

import ctypes
import sys

# From gsasl.h.
GSASL_OK, GSASL_NEEDS_MORE, GSASL_NO_CALLBACK = 0, 1, 51
GSASL_PASSWORD, GSASL_SCRAM_ITER, GSASL_CB_TLS_EXPORTER = 3, 15, 25

pointer, text, whole = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
gsasl = ctypes.CDLL("libgsasl.so.18")
gsasl.gsasl_server_start.argtypes = [pointer, text, ctypes.POINTER(pointer)]
gsasl.gsasl_property_set.argtypes = [pointer, whole, text]
gsasl.gsasl_step64.argtypes = [pointer, text, ctypes.POINTER(text)]
gsasl.gsasl_strerror.argtypes, gsasl.gsasl_strerror.restype = [whole], text
answer_type = ctypes.CFUNCTYPE(whole, pointer, pointer, whole)
gsasl.gsasl_callback_set.argtypes = [pointer, answer_type]


def read():
    line = sys.stdin.buffer.readline()
    return line.rstrip(b"\r\n") if line else sys.exit(0)


def say(verdict, detail):
    print(verdict, detail.decode(), flush=True)


mechanism, password, channel_binding = read(), read(), read()


@answer_type
def answer(context, session, question):
    known = {GSASL_PASSWORD: password, GSASL_SCRAM_ITER: b"4096", GSASL_CB_TLS_EXPORTER: channel_binding}
    if question not in known:
        return GSASL_NO_CALLBACK
    gsasl.gsasl_property_set(session, question, known[question])
    return GSASL_OK


context, session = pointer(), pointer()
code = gsasl.gsasl_init(ctypes.byref(context))
gsasl.gsasl_callback_set(context, answer)
code = code or gsasl.gsasl_server_start(context, mechanism, ctypes.byref(session))
if code != GSASL_OK:
    say("wrong", gsasl.gsasl_strerror(code))
    sys.exit(1)
while True:
    output = text()
    code = gsasl.gsasl_step64(session, read(), ctypes.byref(output))
    if code == GSASL_NEEDS_MORE:
        say("continue", output.value or b"")
        continue
    say(*(("right", output.value or b"") if code == GSASL_OK else ("wrong", gsasl.gsasl_strerror(code))))
    break
