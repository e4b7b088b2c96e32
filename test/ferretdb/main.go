// Command ferretdb is a server for the tests that speaks MongoDB's protocol where no MongoDB is to be had.
//
// FerretDB keeps its documents in SQLite. It makes an update of a read and a write that others can come between, where
// MongoDB does it as one: so the commands of all connections pass through here one at a time. Each update of a command
// keeps a connection to SQLite until the whole command is done, and of 100 there is none left for it to write by: so
// drivers are told here to send fewer writes at a time.
//
// It listens on loopback at a port of its own, writes its URL to standard output, and ends with its standard input or
// when it is told to.
package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/url"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"github.com/FerretDB/FerretDB/ferretdb"
)

// The longest message of MongoDB's protocol, in bytes.
const longest = 48_000_000

// Writes in one command.
const most = 50

// A field of the answer by which a server makes itself known: an int32 that follows.
var mostField = []byte("\x10maxWriteBatchSize\x00")

func main() {
	folder, err := os.MkdirTemp("", "ferretdb-")
	if err != nil {
		log.Fatal(err)
	}
	err = serve(folder)
	os.RemoveAll(folder)
	if err != nil {
		log.Fatal(err)
	}
}

// Serves from files in a folder until standard input ends or a signal comes.
func serve(folder string) error {
	server, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{TCP: "127.0.0.1:0"},
		Logger:    slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
		Handler:   "sqlite",
		SQLiteURL: "file:" + folder + "/?_pragma=synchronous(off)", // nothing of it outlives the tests
	})
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- server.Run(ctx) }()

	behind, err := url.Parse(server.MongoDBURI())
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer listener.Close()
	go accept(listener, behind.Host)
	fmt.Printf("mongodb://%s/\n", listener.Addr())

	go func() {
		io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	return <-ended
}

func accept(listener net.Listener, behind string) {
	for {
		client, err := listener.Accept()
		if err != nil {
			return // closed
		}
		go func() {
			defer client.Close()
			server, err := net.Dial("tcp", behind)
			if err != nil {
				log.Print(err)
				return
			}
			defer server.Close()
			pass(client, server)
		}()
	}
}

// One command of all connections is with FerretDB at a time.
var turn sync.Mutex

// Passes commands and their answers on until either side ends the connection. Each command has one answer: FerretDB has
// no exhaust cursors, and drivers send no unacknowledged writes.
func pass(client, server net.Conn) {
	for {
		command, err := message(client)
		if err != nil {
			return
		}
		answer, err := exchanged(server, command)
		if err != nil {
			return
		}
		if _, err := client.Write(answer); err != nil {
			return
		}
	}
}

func exchanged(server net.Conn, command []byte) ([]byte, error) {
	turn.Lock()
	defer turn.Unlock()
	if _, err := server.Write(command); err != nil {
		return nil, err
	}
	answer, err := message(server)
	if _, value, found := bytes.Cut(answer, mostField); found && len(value) >= 4 {
		binary.LittleEndian.PutUint32(value, most)
	}
	return answer, err
}

// Reads a message whole: its first four bytes say how long it is, themselves included.
func message(from net.Conn) ([]byte, error) {
	var head [4]byte
	if _, err := io.ReadFull(from, head[:]); err != nil {
		return nil, err
	}
	length := binary.LittleEndian.Uint32(head[:])
	if length < 16 || length > longest+16_384 {
		return nil, fmt.Errorf("a message of %d bytes", length)
	}
	whole := make([]byte, length)
	copy(whole, head[:])
	_, err := io.ReadFull(from, whole[4:])
	return whole, err
}
