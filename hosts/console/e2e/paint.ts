import type { Locator } from "playwright-core";

/** The colour behind something, as the screen mixes it: red, green, blue. */
export function paintBehind(what: Locator): Promise<[number, number, number]> {
  return what.evaluate((element) => {
    const seen = (colour: string) => {
      const canvas = document.createElement("canvas");
      canvas.width = 1;
      canvas.height = 1;
      const pen = canvas.getContext("2d");
      if (!pen) throw new Error("this browser cannot draw");
      pen.fillStyle = colour;
      pen.fillRect(0, 0, 1, 1);
      return pen.getImageData(0, 0, 1, 1).data;
    };
    for (let at: Element | null = element; at; at = at.parentElement) {
      const [r = 0, g = 0, b = 0, alpha = 0] = seen(getComputedStyle(at).backgroundColor);
      if (alpha === 255) return [r, g, b] as [number, number, number];
    }
    return [255, 255, 255] as [number, number, number];
  });
}

/** Yellow to orange: most red, least blue. */
export function isAmber([r, g, b]: [number, number, number]): boolean {
  return r >= g && g > b && r - b > 15;
}
