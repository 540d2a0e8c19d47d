import { renderHook } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { useErrorText } from "@/hooks/use-error-text";
import { ApiProblem, ConnectionLost } from "@/lib/errors";

function textOf(error: unknown): string {
  return renderHook(() => useErrorText()).result.current(error);
}

function problem(detail: string, ...reasons: string[]): ApiProblem {
  const errors = reasons.map((msg) => ({ msg }));
  return new ApiProblem({ title: "", status: 422, detail, code: "invalid_input", errors });
}

describe("the sentence of an error", () => {
  it("says a single reason once", () => {
    expect(textOf(problem("It is too long.", "It is too long."))).toBe("It is too long.");
  });

  it("says each of several reasons behind what they have in common", () => {
    const text = textOf(problem("Some fields are wrong.", "It is too long.", "It is empty."));
    expect(text).toBe("Some fields are wrong. It is too long. It is empty.");
  });

  it("says that nobody answered, and what to make of an answer without words", () => {
    expect(textOf(new ConnectionLost())).toContain("No connection");
    expect(textOf(problem(""))).toContain("422");
  });
});
