/**
 * Names of ports from IANA's registry of services (RFC 6335), for listings of other machines: not every system has
 * services(5), most have a short one, and macOS prints names that no Linux list has. Lower case; a name stands for both
 * protocols unless it says which.
 */
const REGISTERED = `
echo 7  discard 9  daytime 13  chargen 19  ftp-data 20  ftp 21  ssh 22  telnet 23  smtp 25  time 37  whois 43/tcp  tacacs 49
domain 53  bootps 67  bootpc 68  tftp 69/udp  gopher 70/tcp  finger 79/tcp  http 80  kerberos 88  pop3 110  sunrpc 111
auth 113/tcp  nntp 119  ntp 123  epmap 135  netbios-ns 137  netbios-dgm 138  netbios-ssn 139  imap 143  imap2 143
snmp 161  snmptrap 162  xdmcp 177  bgp 179/tcp  ldap 389  svrloc 427  https 443  microsoft-ds 445  kpasswd 464
submissions 465/tcp  isakmp 500  exec 512/tcp  login 513/tcp  shell 514/tcp  syslog 514/udp  printer 515  router 520/udp
afpovertcp 548  rtsp 554  submission 587  ipp 631  ldaps 636  rsync 873  domain-s 853  ftps 990  telnets 992  imaps 993
pop3s 995  socks 1080  openvpn 1194  ms-sql-s 1433  ms-sql-m 1434  l2tp 1701  pptp 1723  radius 1812  radius-acct 1813
mqtt 1883  ssdp 1900  nfs 2049  docker 2375  docker-s 2376  etcd-client 2379  etcd-server 2380
hbci 3000  mysql 3306  ms-wbt-server 3389  stun 3478  ws-discovery 3702  svn 3690  epmd 4369  ipsec-nat-t 4500
commplex-main 5000  commplex-link 5001  sip 5060  sips 5061  xmpp-client 5222  mdns 5353  llmnr 5355  postgresql 5432
amqps 5671  amqp 5672  rfb 5900  wsman 5985  wsmans 5986  x11 6000  redis 6379  sun-sr-https 6443  cslistener 9000
afs3-fileserver 7000  afs3-callback 7001  irdmi 8000  http-alt 8080  radan-http 8088  pcsync-https 8443  etlservicemgr 9001
wap-wsp 9200  git 9418  distinct 9999  webmin 10000  memcache 11211  mongodb 27017
`

/** Keys are `http-alt/tcp`. */
export function registeredNames(): Map<string, number> {
  const names = new Map<string, number>()
  for (const [, name, port, protocol] of REGISTERED.matchAll(/(\S+) (\d+)(?:\/(\w+))?/g)) {
    for (const one of protocol === undefined ? ['tcp', 'udp'] : [protocol]) names.set(`${name}/${one}`, Number(port))
  }
  return names
}
