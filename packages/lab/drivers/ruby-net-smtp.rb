# Ruby's Net::SMTP. `default`: whatever it does by itself; `enable_starttls`: STARTTLS or an error.
require "net/smtp"

PATIENCE = 4

mode, scheme, host, port, username, password, sender, recipient, message = ARGV
smtp = Net::SMTP.new(host, Integer(port))
smtp.open_timeout = smtp.read_timeout = PATIENCE
smtp.enable_tls if scheme == "smtps"
smtp.enable_starttls if mode == "enable_starttls"
smtp.start(helo: "client.example.test", user: username, secret: password) do |session|
  session.send_message(File.binread(message), sender, recipient)
end
