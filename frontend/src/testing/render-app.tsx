import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { App } from "@/app/app";

/** The whole page at an address, and a user in front of it. */
export function renderApp(path = "/") {
  window.history.replaceState(null, "", path);
  return { user: userEvent.setup(), ...render(<App />) };
}

export const composer = () => screen.findByRole("textbox", { name: "Message" });
