/** Addresses that send a password unencrypted through a network that others share. */

/** Names that never leave the machine or the house (RFC 6761, RFC 6762, RFC 8375, and what routers use). */
const LOCAL_NAME = /(^|\.)(localhost|local|internal|lan|home\.arpa|test|example|invalid)$/;

/** Whether `text` is http:// to a host that is not local. */
export function isPlainRemote(text: string): boolean {
  const url = URL.parse(text.trim());
  if (url === null || url.protocol !== "http:") return false;
  const host = url.hostname.toLowerCase().replace(/\.$/, "");
  return !isLocal(host);
}

/** A loopback, private or link-local address (RFC 1918, RFC 3927, RFC 4193), or a name without a domain. */
function isLocal(host: string): boolean {
  if (host.startsWith("[")) return /^\[(::1?\]|f[cd]|fe[89ab])/.test(host);
  const bytes = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(host)?.slice(1).map(Number);
  if (bytes === undefined) return !host.includes(".") || LOCAL_NAME.test(host);
  const [first = 0, second = 0] = bytes;
  if (first === 172) return second >= 16 && second <= 31;
  return (
    first === 127 || first === 10 || (first === 192 && second === 168) || (first === 169 && second === 254)
  );
}
