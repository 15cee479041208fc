EMAIL_HOST = 'smtp.example.com'
EMAIL_PORT = 25
EMAIL_HOST_USER = 'shop'
EMAIL_HOST_PASSWORD = vault.read("mail")["password"]
EMAIL_USE_TLS = False
EMAIL_SUBJECT_PREFIX = "[shop] "
