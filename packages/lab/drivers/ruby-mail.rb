# Ruby's mail library, which Rails uses. `default`: no option about TLS; otherwise the option that is switched on.
require "mail"

PATIENCE = 4

mode, _, host, port, username, password, sender, recipient, text = ARGV
options = mode == "default" ? {} : { mode.to_sym => true }
message = Mail.new(from: sender, to: recipient, subject: "Dusk", body: text)
message.delivery_method(
  :smtp,
  address: host, port: Integer(port), domain: "client.example.test", user_name: username, password: password,
  open_timeout: PATIENCE, read_timeout: PATIENCE, **options
)
message.deliver!
