// A server like most: one client after the other.
import { createServer } from 'node:net'

createServer((client) => client.end('hello\n')).listen({ host: process.env.HOST, port: Number(process.argv[2]) })
