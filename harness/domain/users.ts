/** Who is a person on a machine, and who is there for a service. */

/** People have the numbers from 1000 to 60000 (login.defs(5), UID_MIN and UID_MAX). */
const FIRST_PERSON = 1000
const LAST_PERSON = 60_000

/** Users that systems make for their services. Those that begin with `_` or `systemd-` are of that kind as well. */
const OF_SERVICES = new Set(
  (
    'root toor daemon bin sys operator nobody www www-data apache http httpd nginx haproxy caddy named bind unbound ' +
    'nsd knot dnsmasq libvirt-dnsmasq ntp ntpd ntpsec chrony postfix mail mailnull smmsp exim Debian-exim dovecot ' +
    'courier cyrus ftp tftp avahi rpc rpcuser statd lp cups sshd syslog messagebus dhcpd dhcp squid proxy mysql ' +
    'postgres pgsql redis ldap openldap slapd snmp Debian-snmp freerad radiusd SYSTEM'
  ).split(' '),
)

/** By its number or its name. A name like that of the program, such as `ntpd`, was made for it. */
export function isSystemUser(user: string, command: string | null): boolean {
  if (/^\d+$/.test(user)) return Number(user) < FIRST_PERSON || Number(user) > LAST_PERSON
  if (OF_SERVICES.has(user) || /^(?:_|systemd-)/.test(user)) return true
  return command !== null && user.length > 2 && (command.startsWith(user) || user.startsWith(command))
}
