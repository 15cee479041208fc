# Perl's Email::Sender, with the mode as the value of `ssl`: starttls, maybestarttls or ssl.
use strict;
use warnings;
use Email::Sender::Simple qw(sendmail);
use Email::Sender::Transport::SMTP;

my $PATIENCE = 4;

my ($ssl, $scheme, $host, $port, $username, $password, $sender, $recipient, $file) = @ARGV;
open my $message, '<:raw', $file or die "$file: $!";
my $transport = Email::Sender::Transport::SMTP->new({
    host          => $host,
    port          => $port,
    ssl           => $ssl,
    sasl_username => $username,
    sasl_password => $password,
    timeout       => $PATIENCE,
});
sendmail(join('', <$message>), { from => $sender, to => $recipient, transport => $transport });
