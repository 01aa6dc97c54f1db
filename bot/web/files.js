// Pictures and names of files. Pictures are painted on a canvas: the page's policy lets no blob be an <img>.
import { element, icon } from "./words.js";

const SIDE = 96;

export async function thumbnail(blob) {
  if (!blob.type.startsWith("image/")) return icon("file");
  try {
    const bitmap = await createImageBitmap(blob);
    const scale = Math.min(1, SIDE / Math.min(bitmap.width, bitmap.height));
    const canvas = element("canvas");
    canvas.width = canvas.height = SIDE;
    canvas.setAttribute("aria-hidden", "true");
    const width = bitmap.width * scale;
    const height = bitmap.height * scale;
    canvas.getContext("2d").drawImage(bitmap, (SIDE - width) / 2, (SIDE - height) / 2, width, height);
    bitmap.close();
    return canvas;
  } catch {
    return icon("file");
  }
}

export function sizeWords(bytes) {
  return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

// Hands a file to the browser to save or show; a document of another's making never runs in this page.
export function saveAs(blob, name) {
  const link = element("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
