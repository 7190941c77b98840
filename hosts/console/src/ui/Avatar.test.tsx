import { fireEvent, render } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { Avatar, initials } from "./Avatar";

describe("initials", () => {
  it("are the first letters of the first and the last word", () => {
    expect(initials("Anna Maria Berg")).toBe("AB");
    expect(initials("  line ")).toBe("L");
    expect(initials("")).toBe("");
    expect(initials("\u202Eevil Example\u202C")).toBe("EE");
  });
  it("keep a Thai letter and its marks together", () => {
    expect(initials("น้ำ ฝน")).toBe("น้ำฝ".normalize());
  });
});

describe("an avatar", () => {
  it("falls back to initials when the picture fails", () => {
    const { container } = render(<Avatar name="Anna Berg" picture="https://pictures.example/a.jpg" />);
    const image = container.querySelector("img");
    expect(image).not.toBeNull();
    if (image) fireEvent.error(image);
    expect(container.querySelector("img")).toBeNull();
    expect(container.querySelector("[data-letters]")?.getAttribute("data-letters")).toBe("AB");
  });
  it("shows no picture that is not HTTPS", () => {
    const { container } = render(<Avatar name="Anna" picture="http://pictures.example/a.jpg" />);
    expect(container.querySelector("img")).toBeNull();
  });
});
