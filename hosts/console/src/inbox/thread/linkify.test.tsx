import { render } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { Linkified, pieces } from "./linkify";

describe("links in a message", () => {
  it("are http and https only", () => {
    const text =
      "javascript:alert(1) data:text/html,x file:///etc/passwd ftp://a.b mailto:a@b.c www.a.example";
    expect(pieces(text)).toEqual([{ text }]);
  });
  it("end before the sentence does", () => {
    expect(pieces("see https://a.example/x, or (https://b.example).")).toEqual([
      { text: "see " },
      { text: "https://a.example/x", href: "https://a.example/x" },
      { text: ", or (" },
      { text: "https://b.example", href: "https://b.example/" },
      { text: ")." },
    ]);
    expect(pieces("https://w.example/A_(b)")[0]?.text).toBe("https://w.example/A_(b)");
  });
  it("work beside Thai words without spaces before them", () => {
    expect(pieces("ดูที่https://a.example/ครับ")[1]?.href).toContain("https://a.example/");
  });
  it("show markup as the text that it is, and tell the other site nothing", () => {
    const { container } = render(<Linkified text={'<img src=x onerror="alert(1)"> https://a.example'} />);
    expect(container.querySelector("img")).toBeNull();
    expect(container.textContent).toContain("<img src=x");
    expect(container.querySelector("a")?.rel).toBe("noopener noreferrer");
  });
  it("are shown as what they lead to, also where the words before them turn all letters around", () => {
    const { container } = render(<Linkified text={"\u202E https://evil.example/\u202Emoc.knab"} />);
    const link = container.querySelector("a");
    expect(link?.dir).toBe("ltr");
    expect(link?.textContent).toBe("https://evil.example/moc.knab");
  });
});
