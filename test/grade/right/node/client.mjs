import { connect } from 'node:net'

const socket = connect({ host: process.env.HOST, port: Number(process.argv[2]) })
socket.on('connect', () => console.log(socket.localAddress, socket.localPort))
socket.resume()
