"use strict";
// Draws the charts of a page from the numbers beside them. Colours come from the page's tokens, words from the server;
// tooltips are drawn in the picture (richText), so that the strict policy needs no exception.

(() => {
  const tokens = () => {
    const style = getComputedStyle(document.documentElement);
    return (name) => style.getPropertyValue(`--${name}`).trim();
  };
  const FONT = { fontFamily: "system-ui, sans-serif", fontSize: 12 };
  const narrow = () => window.innerWidth < 700;

  const written = (spec, value, digits = 1) =>
    value === null || value === undefined ? "–" : new Intl.NumberFormat(spec.language, { maximumFractionDigits: digits }).format(value);
  const dayOf = (spec, iso, long = false) =>
    new Intl.DateTimeFormat(spec.language, long ? { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" } : { day: "numeric", month: "short", timeZone: "UTC" })
      .format(new Date(`${iso}T00:00:00Z`));

  const frame = (c) => ({
    animation: false,
    textStyle: { ...FONT, color: c("muted") },
    grid: { left: 4, right: 12, top: 16, bottom: 4, containLabel: true },
    tooltip: {
      renderMode: "richText", confine: true, transitionDuration: 0, backgroundColor: c("ink"), borderWidth: 0, padding: [6, 10],
      textStyle: { ...FONT, color: c("paper") },
    },
  });
  const valueAxis = (c, more = {}) => ({
    type: "value", axisLabel: { color: c("muted"), ...FONT }, splitLine: { lineStyle: { color: c("line") } },
    axisLine: { show: false }, axisTick: { show: false }, nameTextStyle: { color: c("muted"), ...FONT }, ...more,
  });
  const dayAxis = (c, spec) => ({
    type: "category", data: spec.days, axisTick: { show: false }, axisLine: { lineStyle: { color: c("line") } },
    axisLabel: { color: c("muted"), ...FONT, hideOverlap: true, formatter: (iso) => dayOf(spec, iso) },
  });
  const band = (c, name, lower, upper) => {
    const common = { type: "line", stack: name, stackStrategy: "all", symbol: "none", lineStyle: { opacity: 0 }, silent: true, z: 1, tooltip: { show: false } };
    return [
      { ...common, name: `${name}-`, data: lower },
      { ...common, name: `${name}+`, data: upper.map((high, at) => (high === null ? null : high - lower[at])), areaStyle: { color: c("band"), opacity: 1 } },
    ];
  };

  const drawn = {
    trend(spec, c) {
      const outside = new Set(spec.outside || []);
      const marks = (spec.marks || []).map((mark) => ({
        xAxis: mark.day,
        label: { formatter: mark.words, color: c("muted"), position: "insideEndTop", ...FONT },
        lineStyle: { color: c("muted"), type: "solid" },
      }));
      const line = (name, data, colour, type) => ({
        name, type: "line", step: "middle", symbol: "none", data, z: 3, lineStyle: { color: colour, type, width: 1 }, itemStyle: { color: colour },
      });
      const series = [];
      if (spec.lower) series.push(...band(c, "band", spec.lower, spec.upper));
      series.push({
        name: spec.words.count, type: "bar", barCategoryGap: spec.days.length > 200 ? "0%" : "18%", barMaxWidth: 22, z: 2,
        data: spec.counts.map((value, at) => ({
          value,
          itemStyle: { color: outside.has(at) ? c("alert") : c("accent"), opacity: spec.part?.includes(at) ? 0.45 : 1 },
        })),
        markLine: { symbol: "none", silent: true, data: marks },
      });
      if (spec.expected) series.push({ ...line(spec.words.expected, spec.expected, c("ink"), "dotted"), step: false });
      if (spec.ucl) series.push(line(spec.words.ucl, spec.ucl, c("alert"), "dashed"), line(spec.words.center, spec.center, c("muted"), "solid"));
      if (spec.lcl) series.push(line(spec.words.lcl, spec.lcl, c("alert"), "dashed"));
      return {
        ...frame(c), xAxis: dayAxis(c, spec), yAxis: valueAxis(c, { minInterval: spec.rate ? 0 : 1 }), series,
        tooltip: {
          ...frame(c).tooltip, trigger: "axis",
          formatter: (found) => {
            const at = found[0].dataIndex;
            const rows = [`${spec.week ? `${spec.words.week} ` : ""}${dayOf(spec, spec.days[at], true)}`, `${spec.words.count}: ${written(spec, spec.counts[at])}`];
            if (spec.expected?.[at] !== null && spec.expected) rows.push(`${spec.words.expected}: ${written(spec, spec.expected[at])} [${written(spec, spec.lower[at])}–${written(spec, spec.upper[at])}]`);
            if (spec.ucl) rows.push(`${spec.words.ucl}: ${written(spec, spec.ucl[at])}`);
            if (spec.sizes) rows.push(`n = ${written(spec, spec.sizes[at])}`);
            return rows.join("\n");
          },
        },
      };
    },

    pareto(spec, c) {
      const flat = narrow();
      const many = flat ? 10 : spec.names.length;
      const names = spec.names.slice(0, many), values = spec.values.slice(0, many);
      const category = {
        type: "category", data: names, inverse: flat, axisTick: { show: false }, axisLine: { lineStyle: { color: c("line") } },
        axisLabel: { color: c("ink"), ...FONT, fontSize: 11, interval: 0, overflow: flat ? "truncate" : "break", width: flat ? 130 : Math.max(60, (Math.min(window.innerWidth, 1200) - 100) / names.length - 2), lineHeight: 14 },
      };
      const bars = {
        name: spec.words.value, type: "bar", barMaxWidth: flat ? 14 : 44, barCategoryGap: "24%", cursor: "pointer",
        data: values.map((value, at) => ({
          value,
          itemStyle: spec.thin[at] ? { color: c("paper"), borderColor: c("accent"), borderType: "dashed" } : { color: c("accent") },
        })),
      };
      const amount = valueAxis(c, { axisLabel: { color: c("muted"), ...FONT, formatter: (value) => written(spec, value, 2) } });
      const sum = valueAxis(c, { min: 0, max: 100, splitLine: { show: false }, axisLabel: { color: c("muted"), ...FONT, formatter: "{value} %" } });
      const tooltip = {
        ...frame(c).tooltip, trigger: "axis",
        formatter: (found) => {
          const at = found[0].dataIndex;
          const rows = [spec.names[at], `${spec.words.value}: ${spec.written[at]}`];
          if (spec.cumulative) rows.push(`${spec.words.cumulative}: ${written(spec, spec.cumulative[at], 0)} %`);
          return rows.join("\n");
        },
      };
      if (flat) return { ...frame(c), tooltip, xAxis: amount, yAxis: category, series: [bars] };
      const cumulative = {
        name: spec.words.cumulative, type: "line", yAxisIndex: 1, data: spec.cumulative?.slice(0, many), symbol: "circle", symbolSize: 5,
        lineStyle: { color: c("ink"), width: 1.5 }, itemStyle: { color: c("ink") },
        markLine: { symbol: "none", silent: true, label: { show: false }, lineStyle: { color: c("line"), type: "dashed" }, data: [{ yAxis: 80 }] },
      };
      return {
        ...frame(c), tooltip, xAxis: category, yAxis: spec.cumulative ? [amount, sum] : [amount],
        series: spec.cumulative ? [bars, cumulative] : [bars],
      };
    },

    scatter(spec, c, shown = new Map()) {
      const colours = ["s1", "s2", "s3", "s4", "s5", "s6", "s7"].map(c);
      const most = Math.max(...spec.points.map((point) => point.n), 1);
      const data = spec.points.map((point) => ({
        value: [point.x, point.y], name: point.name, point,
        symbolSize: 8 + 34 * Math.sqrt(point.n / most),
        itemStyle: point.thin
          ? { color: "transparent", borderColor: c("muted"), borderType: "dashed" }
          : { color: point.group === undefined ? c("accent") : colours[point.group % colours.length], opacity: 0.78, borderColor: c("paper") },
        label: { show: shown.has(point.name), position: shown.get(point.name) },
      }));
      const bare = { show: false, min: spec.square ? -1.12 : undefined, max: spec.square ? 1.12 : undefined };
      const base = frame(c);
      return {
        ...base,
        grid: spec.square ? { left: 60, right: 60, top: 24, bottom: 24 } : { ...base.grid, top: 32, bottom: 20, right: 90 },
        tooltip: { ...base.tooltip, trigger: "item", formatter: (found) => found.data.point ? [found.name, ...found.data.point.rows].join("\n") : "" },
        xAxis: spec.square ? { type: "value", ...bare } : valueAxis(c, { type: spec.log ? "log" : "value", name: spec.words.x, nameLocation: "middle", nameGap: 28, axisLabel: { color: c("muted"), ...FONT, showMinLabel: spec.log ? false : null, showMaxLabel: spec.log ? false : null, formatter: (value) => written(spec, value, 2) }, min: spec.log ? spec.reach[0] : undefined, max: spec.log ? spec.reach[1] : undefined }),
        yAxis: spec.square ? { type: "value", ...bare } : valueAxis(c, { name: spec.words.y, scale: true, nameTextStyle: { align: "left", color: c("muted"), ...FONT }, axisLabel: { color: c("muted"), ...FONT, formatter: (value) => `${written(spec, value, 2)}${spec.unit || ""}` } }),
        series: [{
          type: "scatter", data, cursor: "pointer",
          label: { formatter: (found) => found.name, position: spec.square ? "bottom" : "right", color: c("ink"), ...FONT, width: 130, overflow: "truncate", textBorderColor: c("paper"), textBorderWidth: 2 },
          markLine: spec.middle ? { symbol: "none", silent: true, label: { show: false }, lineStyle: { color: c("muted"), type: "dashed" }, data: [{ xAxis: spec.middle[0] }, { yAxis: spec.middle[1] }] } : undefined,
        }],
      };
    },

    lines(spec, c) {
      const small = spec.size === "small";
      return {
        ...frame(c),
        grid: { left: 0, right: 8, top: 8, bottom: 8, containLabel: true },
        xAxis: { ...dayAxis(c, spec), boundaryGap: false, axisLabel: { ...dayAxis(c, spec).axisLabel, showMaxLabel: false } },
        yAxis: valueAxis(c, { scale: true, splitNumber: small ? 2 : 4, min: spec.min, max: spec.max, axisLabel: { color: c("muted"), ...FONT, formatter: (value) => written(spec, value, 2) } }),
        series: [
          ...(spec.lower ? band(c, "band", spec.lower, spec.upper) : []),
          {
            type: "line", data: spec.values.map((value, at) => ({ value, symbol: spec.thin?.[at] ? "emptyCircle" : "circle" })), connectNulls: false,
            showAllSymbol: true, symbolSize: small ? 4 : 5, lineStyle: { color: c("accent"), width: 1.5 }, itemStyle: { color: c("accent") }, z: 3,
            markLine: spec.zero ? { symbol: "none", silent: true, label: { show: false }, lineStyle: { color: c("muted"), type: "dotted" }, data: [{ yAxis: 0 }] } : undefined,
          },
        ],
        tooltip: {
          ...frame(c).tooltip, trigger: "axis",
          formatter: (found) => {
            const at = found[0].dataIndex;
            const rows = [`${spec.words.week} ${dayOf(spec, spec.days[at], true)}`, `${spec.words.value}: ${written(spec, spec.values[at], 2)}`];
            if (spec.lower && spec.lower[at] !== null) rows[1] += ` [${written(spec, spec.lower[at], 2)} … ${written(spec, spec.upper[at], 2)}]`;
            if (spec.sizes) rows.push(`n = ${written(spec, spec.sizes[at])}`);
            return rows.join("\n");
          },
        },
      };
    },
  };

  // Names are written where there is room beside their points, the heaviest points first; no name covers another point.
  const named = (chart, spec) => {
    const shown = new Map();
    const most = Math.max(...spec.points.map((point) => point.n), 1);
    const boxes = spec.points.map((point) => {
      const [x, y] = chart.convertToPixel({ seriesIndex: 0 }, [point.x, point.y]);
      return { point, x, y, radius: 4 + 17 * Math.sqrt(point.n / most), width: Math.min(point.name.length * 7, 130) };
    });
    const taken = boxes.map(({ x, y, radius }) => [x - radius + 2, y - radius + 2, x + radius - 2, y + radius - 2]);
    const free = (box) => box[0] >= 0 && box[2] <= chart.getWidth() && box[1] >= 0 && box[3] <= chart.getHeight() &&
      taken.every((other) => box[2] < other[0] || other[2] < box[0] || box[3] < other[1] || other[3] < box[1]);
    const sides = spec.square ? ["bottom", "top", "right", "left"] : ["right", "left", "top", "bottom"];
    for (const { point, x, y, radius, width } of boxes.sort((a, b) => b.point.weight - a.point.weight)) {
      const places = {
        right: [x + radius, y - 9, x + radius + width + 8, y + 9], left: [x - radius - width - 8, y - 9, x - radius, y + 9],
        bottom: [x - width / 2, y + radius, x + width / 2, y + radius + 18], top: [x - width / 2, y - radius - 18, x + width / 2, y - radius],
      };
      const side = sides.find((one) => free(places[one]));
      if (side) {
        taken.push(places[side]);
        shown.set(point.name, side);
      }
    }
    return shown;
  };

  const charts = [];
  const draw = (place) => {
    const spec = JSON.parse(place.querySelector("script").textContent);
    const here = document.createElement("div");
    here.className = "drawing";
    here.setAttribute("aria-hidden", "true");
    here.style.height = "100%";
    place.append(here);
    const chart = echarts.init(here, null, { renderer: "svg" });
    const fill = () => {
      chart.setOption(drawn[spec.kind](spec, tokens()), true);
      if (spec.kind === "scatter") chart.setOption(drawn.scatter(spec, tokens(), named(chart, spec)), true);
    };
    fill();
    chart.on("click", (event) => {
      const link = spec.links?.[event.dataIndex] ?? event.data?.point?.link;
      if (link) location.href = link;
    });
    charts.push({ chart, fill, place });
  };
  const drawAll = (root) => root.querySelectorAll(".chart").forEach((place) => { if (!place.querySelector(".drawing")) draw(place); });

  drawAll(document);
  document.addEventListener("htmx:after:swap", () => drawAll(document));
  let width = window.innerWidth;
  window.addEventListener("resize", () => {
    charts.forEach(({ chart, fill }) => {
      chart.resize();
      if ((width < 700) !== narrow()) fill();
    });
    width = window.innerWidth;
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => charts.forEach(({ fill }) => fill()));
  addEventListener("beforeprint", () => charts.forEach(({ chart }) => chart.resize({ width: 660 })));
  addEventListener("afterprint", () => charts.forEach(({ chart }) => chart.resize({ width: "auto" })));
})();
