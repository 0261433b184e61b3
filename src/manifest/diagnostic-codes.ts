/** Every code that reading a manifest can give: AX1xx for text and shape, AX2xx for meaning. Codes are never reused. */
export const MANIFEST_CODES = {
  AX101: {
    severity: "error",
    summary: "File not found",
    meaning: "A path or glob names no file, or a directory holds no YAML file.",
  },
  AX102: {
    severity: "error",
    summary: "File cannot be read",
    meaning: "The file exists and the disk refuses to hand it over.",
  },
  AX103: { severity: "error", summary: "File too large", meaning: "A manifest file may hold 8 MiB at most." },
  AX104: {
    severity: "error",
    summary: "Not UTF-8 text",
    meaning: "The bytes are UTF-16, Latin-1 or something else that is not UTF-8.",
  },
  AX105: {
    severity: "error",
    summary: "Control character in the text",
    meaning: "YAML forbids raw control characters.",
  },
  AX106: { severity: "error", summary: "Not valid YAML", meaning: "The text breaks the grammar of YAML 1.2." },
  AX107: { severity: "error", summary: "Duplicate key", meaning: "One mapping holds the same key twice." },
  AX108: {
    severity: "error",
    summary: "Key is not text",
    meaning: "A key is a number, null, true, false, a list or a mapping.",
  },
  AX109: { severity: "error", summary: "Merge key", meaning: "`<<` is not part of YAML 1.2." },
  AX110: { severity: "error", summary: "Tag", meaning: "Explicit YAML tags such as `!!str` are not accepted." },
  AX111: { severity: "error", summary: "More than one document", meaning: "A file holds one YAML document." },
  AX112: {
    severity: "error",
    summary: "Too many anchors",
    meaning: "Anchors are too many, contain themselves or expand beyond a sane size.",
  },
  AX113: { severity: "error", summary: "Nested too deeply", meaning: "No part of a manifest is that deep." },
  AX114: {
    severity: "error",
    summary: "Unknown anchor",
    meaning: "An alias names an anchor that is not defined before it.",
  },
  AX115: {
    severity: "error",
    summary: "Unsupported YAML version",
    meaning: "A directive asks for a YAML other than 1.2.",
  },
  AX116: { severity: "error", summary: "Not a manifest", meaning: "The file is empty, or its top is not a mapping." },
  AX117: {
    severity: "error",
    summary: "Broken character",
    meaning: "A text holds half of a character, which cannot be stored.",
  },
  AX118: {
    severity: "error",
    summary: "Cannot be formatted",
    meaning: "Formatting would have changed the meaning, so it was not done.",
  },
  AX119: {
    severity: "error",
    summary: "Cannot be edited",
    meaning: "`offboard` or `drift --write` would have had to touch more than it means, so it was not done.",
  },
  AX120: { severity: "error", summary: "Unknown key", meaning: "The key is not part of the manifest here." },
  AX121: {
    severity: "error",
    summary: "Not supported by this version",
    meaning: "The key belongs to a later version of axcess.",
  },
  AX122: {
    severity: "error",
    summary: "Wrong type",
    meaning: "A text, number, list or mapping stands where another type belongs.",
  },
  AX123: {
    severity: "error",
    summary: "Empty value",
    meaning: "A key without a value says neither `none` nor `not managed`.",
  },
  AX124: { severity: "error", summary: "Unknown value", meaning: "Only some words are possible here." },
  AX125: { severity: "error", summary: "Missing key", meaning: "A key that must be there is not." },
  AX126: {
    severity: "error",
    summary: "Unsupported manifest version",
    meaning: "This axcess reads manifests of `version: 1`.",
  },
  AX127: {
    severity: "error",
    summary: "Number out of range",
    meaning: "A number is too small, too large or not whole.",
  },
  AX128: {
    severity: "error",
    summary: "Wrong length",
    meaning: "A text or list is shorter or longer than the account can store.",
  },
  AX129: { severity: "error", summary: "Wrong form", meaning: "A text holds characters that cannot stand there." },
  AX130: {
    severity: "error",
    summary: "People are not a managed class",
    meaning: "Deleting a person is terminal, so nobody is deleted for not being written.",
  },
  AX131: {
    severity: "error",
    summary: "Too many files",
    meaning: "A manifest may have 10,000 files and 64 MiB; 50,000 names are looked at to find them.",
  },
  AX132: {
    severity: "error",
    summary: "Too many grants",
    meaning:
      "Groups may stand for a million grants, and have five million entries, counted with those of groups in them.",
  },
  AX201: {
    severity: "error",
    summary: "Written twice",
    meaning: "The same thing is written in two places, in one file or in several.",
  },
  AX202: { severity: "error", summary: "Not an e-mail address", meaning: "People are named by e-mail." },
  AX203: { severity: "error", summary: "Unknown person", meaning: "`people` is present and does not list the person." },
  AX204: {
    severity: "error",
    summary: "Unknown role",
    meaning: "The role is neither predefined here nor declared in `roles`.",
  },
  AX205: { severity: "error", summary: "Unknown group", meaning: "The group is not declared in `groups`." },
  AX206: {
    severity: "error",
    summary: "Groups contain each other",
    meaning: "A group reaches itself through the groups in it.",
  },
  AX207: {
    severity: "error",
    summary: "Groups disagree",
    meaning: "Two groups give one person different roles in one place.",
  },
  AX208: {
    severity: "error",
    summary: "Role not possible here",
    meaning: "The role exists, and cannot be given at this level.",
  },
  AX209: {
    severity: "error",
    summary: "Role name is taken",
    meaning: "A custom role may not be called like a predefined one.",
  },
  AX211: {
    severity: "error",
    summary: "Unknown permission",
    meaning: "The identifier is not one of the platform's permissions.",
  },
  AX212: {
    severity: "error",
    summary: "Pattern fits no permission",
    meaning: "A permission pattern resolves to nothing.",
  },
  AX213: {
    severity: "error",
    summary: "Annotator mixed with other roles",
    meaning: "An annotator is an annotator everywhere, and nobody else is one anywhere.",
  },
  AX214: {
    severity: "error",
    summary: "Space member outside the organization",
    meaning: "The organization's members are written, and the person is not one.",
  },
  AX215: {
    severity: "error",
    summary: "Binding outside the organization",
    meaning: "The organization's members are written, and the person is not one.",
  },
  AX216: {
    severity: "error",
    summary: "Ignored and named at once",
    meaning: "`ignore` covers something that the manifest also names.",
  },
  AX217: {
    severity: "warning",
    summary: "Nobody is bound to a restricted project",
    meaning: "Only admins could see it.",
  },
  AX218: {
    severity: "error",
    summary: "Declared and absent at once",
    meaning: "`absent` lists something that the manifest also declares.",
  },
  AX219: {
    severity: "error",
    summary: "Offboarded and named at once",
    meaning: "`offboard` lists somebody whom the manifest still uses.",
  },
  AX220: {
    severity: "error",
    summary: "Old name is in use",
    meaning: "A name in `previously` is declared, absent, or claimed twice.",
  },
  AX221: {
    severity: "error",
    summary: "Not an address",
    meaning: "`absent` takes addresses such as `space:Organization/name`.",
  },
  AX222: {
    severity: "error",
    summary: "Not an address pattern",
    meaning: "`ignore`, `protect` and `on` take patterns over addresses.",
  },
  AX223: { severity: "error", summary: "Not a date", meaning: "`expires` takes an RFC 3339 date or date-time." },
  AX224: {
    severity: "error",
    summary: "Person cannot be invited",
    meaning: "An invitation needs a name and an account role.",
  },
  AX225: {
    severity: "warning",
    summary: "Invisible characters in a name",
    meaning: "Control or direction characters make a name look like another.",
  },
  AX226: {
    severity: "error",
    summary: "Protected and to be removed at once",
    meaning: "`protect` covers something in `absent` or `offboard`.",
  },
  AX227: {
    severity: "warning",
    summary: "Bound in a private space without entry",
    meaning: "The person is not a member of the private space around the project.",
  },
  AX228: {
    severity: "warning",
    summary: "Pattern can never fit",
    meaning: "The pattern has more or fewer names than addresses of its kind.",
  },
  AX229: {
    severity: "error",
    summary: "Assertion without one demand",
    meaning: "An assertion has exactly one of `can`, `never` and `only`; `at_least` stands beside `can`.",
  },
  AX230: {
    severity: "error",
    summary: "Assertion does not hold",
    meaning: "On what the manifest declares, somebody has too much, or too little.",
  },
  AX231: {
    severity: "error",
    summary: "Separated permissions meet",
    meaning: "By what the manifest declares, somebody holds both permissions of a pair in `separate`.",
  },
  AX232: {
    severity: "warning",
    summary: "Assertion says nothing",
    meaning: "Nothing that the manifest declares fits `on`, or nobody is meant by `who`, so there is nothing to check.",
  },
  AX233: {
    severity: "error",
    summary: "Not a place for a secret",
    meaning: "A key is missing in `secret` or `password` that its `to` needs, or stands there that it does not take.",
  },
  AX234: {
    severity: "error",
    summary: "Rotation that cannot be",
    meaning: "The `grace` in `rotate` is longer than a day.",
  },
  AX235: {
    severity: "error",
    summary: "Two secrets in one place",
    meaning: "Two secrets, of service keys or people, go into the same file, variable or GitHub secret.",
  },
  AX236: {
    severity: "error",
    summary: "Password that is never made",
    meaning: "`password` stands without `invite: temporary_password`, which alone brings one.",
  },
  AX243: {
    severity: "error",
    summary: "Not an e-mail domain",
    meaning: "Identity providers are named by the part of an e-mail address behind the @.",
  },
  AX244: { severity: "error", summary: "Not a space", meaning: "A mapping names spaces as `Organization/space`." },
  AX245: {
    severity: "warning",
    summary: "Place is not written here",
    meaning: "A mapping names a place that may exist, but something with a similar name is declared.",
  },
  AX246: {
    severity: "error",
    summary: "Predefined and custom roles in one space",
    meaning: "Across the mappings of an identity provider, a space uses predefined roles or custom ones.",
  },
  AX247: {
    severity: "error",
    summary: "Organization admin with roles in spaces",
    meaning: "A mapping to an organization admin cannot give roles in spaces.",
  },
  AX248: {
    severity: "warning",
    summary: "No mapping is left",
    meaning: "An identity provider needs a mapping, unless logging in with defaults is allowed.",
  },
  AX360: {
    severity: "error",
    summary: "Approvals that nobody could give",
    meaning: "`policy.approvals` asks for more people than `by` names.",
  },
} as const;

/** One of the codes in the table. */
export type ManifestCode = keyof typeof MANIFEST_CODES;
