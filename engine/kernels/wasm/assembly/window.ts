/** The geometry of a sliding window, as wasm/geometry.ts writes it: one int32 after the other, in this order. Functions take its address. */
@unmanaged
export class Window {
  inputHeight: i32;
  inputWidth: i32;
  inputChannels: i32;
  outputHeight: i32;
  outputWidth: i32;
  outputChannels: i32;
  kernelHeight: i32;
  kernelWidth: i32;
  strideY: i32;
  strideX: i32;
  dilationY: i32;
  dilationX: i32;
  padTop: i32;
  padBottom: i32;
  padLeft: i32;
  padRight: i32;
  groups: i32;

  /** Cells of the kernel. */
  get cells(): i32 {
    return this.kernelHeight * this.kernelWidth;
  }

  /** Windows of one sample. */
  get outputs(): i32 {
    return this.outputHeight * this.outputWidth;
  }

  /** Bytes of one sample. */
  get inputBytes(): usize {
    return <usize>(this.inputHeight * this.inputWidth * this.inputChannels) * 4;
  }

  get outputBytes(): usize {
    return <usize>(this.outputs * this.outputChannels) * 4;
  }

  /** Rows of an image with the border that windows cover: never fewer than its own and those before it. */
  get paddedHeight(): i32 {
    return max((this.outputHeight - 1) * this.strideY + (this.kernelHeight - 1) * this.dilationY + 1, this.padTop + this.inputHeight);
  }

  get paddedWidth(): i32 {
    return max((this.outputWidth - 1) * this.strideX + (this.kernelWidth - 1) * this.dilationX + 1, this.padLeft + this.inputWidth);
  }

  /** Whether it has such a border. */
  get padded(): bool {
    return this.paddedHeight > this.inputHeight || this.paddedWidth > this.inputWidth;
  }

  /** Writes the window of one group to `at`. */
  writeGroup(at: usize): Window {
    memory.copy(at, changetype<usize>(this), WINDOW_BYTES);
    const group = changetype<Window>(at);
    group.inputChannels = this.inputChannels / this.groups;
    group.outputChannels = this.outputChannels / this.groups;
    group.groups = 1;
    return group;
  }
}

/** Bytes of a window in memory, rounded up to a cache line. */
export const WINDOW_BYTES: usize = 128;
