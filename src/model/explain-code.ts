/** Why the disk refused, and what to do, by Node's code. */
export function explainCode(code: string): { readonly because: string; readonly fix: string } {
  return REASONS[code] ?? { because: `the system says ${code}`, fix: "Name another path." };
}

const DENIED = { because: "access is denied", fix: "Get the right to it, or name another path." };
const NOT_A_FOLDER = {
  because: "it, or a folder on the way to it, is a file",
  fix: "Name a path whose folders are folders.",
};

const REASONS: Readonly<Record<string, { readonly because: string; readonly fix: string }>> = {
  EACCES: DENIED,
  EPERM: DENIED,
  EISDIR: { because: "it is a folder", fix: "Name a file." },
  ENOTEMPTY: { because: "it is a folder", fix: "Name a file." },
  ENOTDIR: NOT_A_FOLDER,
  EEXIST: NOT_A_FOLDER,
  ENOENT: { because: "nothing is there, and nothing can be made there", fix: "Name another path." },
  ELOOP: { because: "its symbolic links go round in a circle", fix: "Mend the links, or name another path." },
  ENAMETOOLONG: { because: "its name is too long", fix: "Name a shorter path." },
  ENOSPC: { because: "the disk is full", fix: "Make room, and run again." },
  EDQUOT: { because: "the disk is full", fix: "Make room, and run again." },
  EROFS: { because: "the disk can only be read", fix: "Name a path on another one." },
  EFBIG: { because: "it is larger than 256 MiB, and nothing that axcess reads is", fix: "Name another file." },
  ENOFILE: {
    because: "it is a pipe or a device, and reading it may never end",
    fix: "Name a file; what a program prints, save first, or hand it over as <(program).",
  },
  ERR_INVALID_ARG_VALUE: { because: "it is no path", fix: "Name another path." },
};
