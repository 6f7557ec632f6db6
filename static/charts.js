// Draws the trend over its table. The table is the data; without this script it stands.
(() => {
  const place = document.querySelector("[data-chart=trend]");
  if (!place) return;

  const script = document.createElement("script");
  script.src = new URL("vendor/echarts.min.js", document.currentScript.src);
  script.onload = draw;
  document.head.append(script);

  function draw() {
    const rows = [...document.querySelectorAll(`#${place.dataset.table} tbody tr`)];
    const rate = (row, index) => {
      const cut = row.cells[index].dataset.hundredths;
      return [row.cells[0].textContent, cut === "" ? null : Number(cut) / 100];
    };
    // How much higher it would be if all that nobody knows were favourable.
    const unknown = (row, index) => {
      const { hundredths, most } = row.cells[index].dataset;
      return [row.cells[0].textContent, hundredths === "" ? null : (Number(most) - Number(hundredths)) / 100];
    };
    const band = (name, color, stack, index) => {
      const data = rows.map((row) => unknown(row, index));
      if (!data.some(([, value]) => value)) return [];
      return [line(name, color, data, { stack, stackStrategy: "all", lineStyle: { opacity: 0 }, areaStyle: { opacity: 0.18 } })];
    };
    const steps = [...document.querySelectorAll("#trend-steps li")].map((step) => step.dataset);
    const last = rows.length ? rows[rows.length - 1].cells[0].textContent : "";
    const style = getComputedStyle(document.documentElement);
    const token = (name) => style.getPropertyValue(name).trim();

    // From each due date on, its threshold holds until the next one.
    const threshold = (indicator) => {
      const own = steps.filter((step) => step.indicator === indicator).sort((a, b) => a.due.localeCompare(b.due));
      const points = own.map((step) => [step.due, Number(step.percent)]);
      if (points.length && last > points[points.length - 1][0]) points.push([last, points[points.length - 1][1]]);
      return points;
    };

    place.hidden = false;
    place.parentElement.querySelector("details[data-table]").open = false;
    const chart = echarts.init(place, null, { renderer: "svg" });
    const line = (name, color, data, more = {}) => ({ name, type: "line", showSymbol: false, data, color, lineStyle: { width: 2 }, ...more });
    chart.setOption({
      textStyle: { fontFamily: token("--font"), color: token("--text") },
      animation: false,
      grid: { left: 48, right: 24, top: 40, bottom: 32 },
      legend: { top: 0, textStyle: { color: token("--text") } },
      tooltip: { trigger: "axis", renderMode: "richText", valueFormatter: (value) => (value == null ? "无基数" : `${value.toFixed(2)}%`) },
      xAxis: { type: "time", axisLabel: { formatter: "{yyyy}-{MM}", color: token("--muted"), hideOverlap: true } },
      yAxis: { type: "value", min: (range) => Math.max(0, Math.floor((range.min - 5) / 10) * 10), max: 100, axisLabel: { formatter: "{value}%", color: token("--muted") }, splitLine: { lineStyle: { color: token("--line") } } },
      series: [
        line("党组织覆盖率", token("--accent"), rows.map((row) => rate(row, 4)), { stack: "organization", stackStrategy: "all" }),
        ...band("党组织覆盖不明", token("--accent"), "organization", 4),
        line("党的工作覆盖率", token("--link"), rows.map((row) => rate(row, 7)), { stack: "work", stackStrategy: "all" }),
        ...band("党的工作覆盖不明", token("--link"), "work", 7),
        line("党组织覆盖目标", token("--accent"), threshold("organization_coverage"), { step: "end", lineStyle: { type: "dashed", width: 1.5 } }),
        line("党的工作覆盖目标", token("--link"), threshold("work_coverage"), { step: "end", lineStyle: { type: "dotted", width: 2 }, showSymbol: true }),
      ],
    });
    new ResizeObserver(() => chart.resize()).observe(place);
    place.setAttribute("role", "img");
    place.setAttribute("aria-label", "党组织覆盖率和党的工作覆盖率逐月走势，数据见下方表格");
  }
})();
