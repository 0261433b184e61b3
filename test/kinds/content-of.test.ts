import { describe, expect, it } from "vitest";
import { contentOf } from "../../src/kinds/content-of.ts";
import { buildWorld } from "../support/world-builder.ts";

const WORLD = buildWorld(
  "user:a",
  "user:Platform%2Fx@example.com",
  "role:Platform",
  "role:a",
  "organization:Platform",
  "organization:Platform 2",
  "org-member:Platform/ana@example.com",
  "org-member:Platform 2/ana@example.com",
  "space:Platform/alpha",
  "space:Platform/alpha 2",
  "space-member:Platform/alpha/ana@example.com",
  "project:Platform/alpha/chatbot",
  "project:Platform/alpha/chatbot 2",
  "restriction:Platform/alpha/chatbot",
  "restriction:Platform/alpha/chatbot 2",
  "binding:Platform/alpha/chatbot/ana@example.com",
);

describe("contentOf", () => {
  it("finds everything in an organization and nothing of its neighbour", () => {
    expect(contentOf("organization:Platform", WORLD)).toEqual([
      "org-member:Platform/ana@example.com",
      "space:Platform/alpha",
      "space:Platform/alpha 2",
      "space-member:Platform/alpha/ana@example.com",
      "project:Platform/alpha/chatbot",
      "project:Platform/alpha/chatbot 2",
      "restriction:Platform/alpha/chatbot",
      "restriction:Platform/alpha/chatbot 2",
      "binding:Platform/alpha/chatbot/ana@example.com",
    ]);
  });

  it("finds everything on a project, its restriction included", () => {
    expect(contentOf("project:Platform/alpha/chatbot", WORLD)).toEqual([
      "restriction:Platform/alpha/chatbot",
      "binding:Platform/alpha/chatbot/ana@example.com",
    ]);
  });
});
