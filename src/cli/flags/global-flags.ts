import type { Command } from "commander";

/** Adds the flags that every command has. They may stand before or after the command's name. */
export function addGlobalFlags(program: Command): void {
  program
    .option("-f, --file <path>", "manifest file, folder or glob; repeatable (default: access.yaml)", appendWord)
    .option("--sandbox [=dir]", "run against the embedded simulated account (default folder: .axcess/sandbox)")
    .option("--profile <name>", "profile of the ax command line to take the credentials from")
    .option("--region <name>", "region of the vendor's cloud, such as eu-west-1a, for the key in ARIZE_API_KEY")
    .option("--ledger <url>", "where the ledger is (default: .axcess/ledger.jsonl beside the manifest)")
    .option("--parallelism <n>", "calls at the same time")
    .option("--rate <n/min>", "most calls in a minute, such as 300/min")
    .option("--json", "one JSON document on stdout; texts for people go to stderr")
    .option("--no-color", "no colours")
    .option("--quiet", "only the result")
    .option("--verbose", "more about what happens, and stack traces")
    .option("--now <moment>", "answer as of this RFC 3339 moment")
    .option("--chdir <folder>", "read relative paths from this folder")
    .option("-V, --version", "print the version");
}

/** Collects the values of a repeatable flag. */
export function appendWord(word: string, words: readonly string[] | undefined): readonly string[] {
  return [...(words ?? []), word];
}
