// What the vendored libraries put on the window, as far as the page uses it.

interface KaTeX {
  render(tex: string, node: HTMLElement, options: object): void;
}

interface EChart {
  setOption(option: object, how?: object): void;
  resize(): void;
  dispose(): void;
  convertToPixel(finder: object, value: number[]): number[];
}

interface ECharts {
  init(node: HTMLElement, theme: null, options: object): EChart;
}

interface ModernGif {
  Encoder: new (options: object) => { encode(frame: object): Promise<void>; flush(): Promise<ArrayBuffer> };
}

interface Window {
  katex?: KaTeX;
  echarts?: ECharts;
  ebmviz?: object;
}
