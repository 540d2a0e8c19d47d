import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { PartFailed } from "@/components/ui/part-failed";
import { type Part, partOf, usePart } from "@/hooks/use-part";

/** A part whose first fetches end as they are told to. */
function partAfter(...cuts: Error[]) {
  const fetches: string[] = [];
  const part = partOf(async () => {
    fetches.push("fetch");
    const cut = cuts.shift();
    if (cut) throw cut;
    return { word: "here" };
  });
  return { part, fetches };
}

function Place({ part }: { part: Part<{ word: string }> }) {
  const { module, hasFailed, retry } = usePart(part);
  if (module) return <p>{module.word}</p>;
  return hasFailed ? <PartFailed onRetry={retry} /> : <p>coming</p>;
}

test("a part is fetched once, whoever shows it", async () => {
  const { part, fetches } = partAfter();
  render(
    <>
      <Place part={part} />
      <Place part={part} />
    </>,
  );
  expect(screen.getAllByText("coming")).toHaveLength(2);
  expect(await screen.findAllByText("here")).toHaveLength(2);
  render(<Place part={part} />);
  expect(screen.getAllByText("here")).toHaveLength(3);
  expect(fetches).toHaveLength(1);
});

test("a part whose line is cut says so where it would stand, and comes with another try", async () => {
  const { part, fetches } = partAfter(new TypeError("cut"), new TypeError("cut again"));
  const user = userEvent.setup();
  render(<Place part={part} />);
  expect(await screen.findByRole("alert")).toHaveTextContent("This part of the page could not be loaded.");
  await user.click(screen.getByRole("button", { name: "Retry" }));
  await user.click(await screen.findByRole("button", { name: "Retry" }));
  expect(await screen.findByText("here")).toBeInTheDocument();
  expect(fetches).toHaveLength(3);
});
