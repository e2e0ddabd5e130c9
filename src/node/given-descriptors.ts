/** Descriptors above standard error that this process was started with. */
import { fs } from "./fs.ts";

/** fcntl.h of Linux, where it is one number on all that Node runs on. */
const O_CLOEXEC = 0o2_000_000;
const O_ACCMODE = 0o3;

/**
 * Node keeps the low ones of them from programs that it starts; these are they, as far as they can be told from
 * Node's own: files, sockets, and pipes whose other end somebody else has. To be called before anything is opened.
 */
export function givenDescriptors(): readonly number[] {
  if (process.platform !== "linux") return [];
  const all = fs.readdirSync("/proc/self/fd").flatMap((name) => descriptor(Number(name)));
  const ends = Map.groupBy(all, ({ target }) => target);
  return all.flatMap(({ fd, target, flags }) => {
    const isOwn = fd <= 2 || target.startsWith("anon_inode:") || target === "/dev/null";
    const isPrivate = target.startsWith("pipe:") && new Set(ends.get(target)?.map(access)).size > 1;
    return isOwn || isPrivate || (flags & O_CLOEXEC) === 0 ? [] : [fd];
  });
}

interface Descriptor {
  readonly fd: number;
  readonly target: string;
  readonly flags: number;
}

function access({ flags }: Descriptor): number {
  return flags & O_ACCMODE;
}

/** None where it is closed by now, as that of the listing is. */
function descriptor(fd: number): readonly Descriptor[] {
  try {
    const info = fs.readFileSync(`/proc/self/fdinfo/${fd}`, "latin1");
    const flags = Number.parseInt(/^flags:\s*([0-7]+)$/m.exec(info)?.[1] ?? "0", 8);
    return [{ fd, flags, target: fs.readlinkSync(`/proc/self/fd/${fd}`) }];
  } catch {
    return [];
  }
}
