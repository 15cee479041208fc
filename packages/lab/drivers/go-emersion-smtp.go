// Emersion's go-smtp. "SendMail": as its example has it; "StartTLS": by hand, or an error; "DialTLS": TLS from the start.
package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

const patience = 4 * time.Second

func main() {
	mode, host, port, username, password := os.Args[1], os.Args[3], os.Args[4], os.Args[5], os.Args[6]
	from, to := os.Args[7], os.Args[8]
	message, err := os.ReadFile(os.Args[9])
	if err == nil {
		auth := sasl.NewPlainClient("", username, password)
		address := net.JoinHostPort(host, port)
		if mode == "SendMail" {
			err = smtp.SendMail(address, auth, from, []string{to}, strings.NewReader(string(message)))
		} else {
			err = send(mode, host, address, auth, from, to, message)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func send(mode, host, address string, auth sasl.Client, from, to string, message []byte) error {
	client, err := dial(mode, host, address)
	if err != nil {
		return err
	}
	defer client.Close()
	if mode == "StartTLS" {
		if err := client.StartTLS(&tls.Config{ServerName: host}); err != nil {
			return err
		}
	}
	if ok, _ := client.Extension("AUTH"); !ok {
		return errors.New("the server takes no login")
	}
	if err := client.Auth(auth); err != nil {
		return err
	}
	if err := client.Mail(from, nil); err != nil {
		return err
	}
	if err := client.Rcpt(to); err != nil {
		return err
	}
	body, err := client.Data()
	if err != nil {
		return err
	}
	if _, err := body.Write(message); err != nil {
		return err
	}
	if err := body.Close(); err != nil {
		return err
	}
	return client.Quit()
}

func dial(mode, host, address string) (*smtp.Client, error) {
	connection, err := net.DialTimeout("tcp", address, patience)
	if err != nil {
		return nil, err
	}
	connection.SetDeadline(time.Now().Add(patience))
	if mode == "DialTLS" {
		connection = tls.Client(connection, &tls.Config{ServerName: host})
	}
	return smtp.NewClient(connection, host)
}
