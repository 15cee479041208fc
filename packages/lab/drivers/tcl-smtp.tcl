# Tcllib's smtp. `default`: as its examples have it; `-tlspolicy`: with a policy that refuses to go on.
package require mime
package require smtp
package require tls
if {$argv eq "--version"} {
    puts [info nameofexecutable]
    puts [package present smtp]
    exit
}

lassign $argv mode scheme host port username password sender recipient body
set message [mime::initialize -canonical text/plain -encoding 7bit -string $body]
set options {}
proc secure {code diagnostic} { return secure }
if {$mode eq "-tlspolicy"} { lappend options $mode secure }
if {$scheme eq "smtps"} { lappend options -tlsimport 1 }
smtp::sendmessage $message -servers $host -ports $port -client client.example.test {*}$options \
    -username $username -password $password -originator $sender -recipients $recipient \
    -header [list From $sender] -header [list To $recipient] -header {Subject Dusk}
mime::finalize $message
