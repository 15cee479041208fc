# Perl's Net::SMTP. `starttls()`: its result unread, as in many a script; `starttls() or die`: with it.
use strict;
use warnings;
use Net::SMTP;

my $PATIENCE = 4;

my ($mode, $scheme, $host, $port, $username, $password, $sender, $recipient, $file) = @ARGV;
open my $message, '<:raw', $file or die "$file: $!";
my $smtp = Net::SMTP->new($host, Port => $port, Timeout => $PATIENCE, SSL => $scheme eq 'smtps') or die "connect: $@";
if ($mode eq 'starttls()') {
    $smtp->starttls();
}
elsif ($mode eq 'starttls() or die') {
    $smtp->starttls() or die 'starttls: ', $smtp->message;
}
$smtp->auth($username, $password) or die 'auth: ', $smtp->message;
$smtp->mail($sender) or die 'mail: ', $smtp->message;
$smtp->to($recipient) or die 'to: ', $smtp->message;
$smtp->data(<$message>) or die 'data: ', $smtp->message;
$smtp->quit;
