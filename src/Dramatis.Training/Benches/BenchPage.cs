using System.Text;

namespace Dramatis.Benches;

/// <summary>What the pages of benches have in common: how they look, and pictures with words below.</summary>
internal static class BenchPage
{
    /// <summary>Everything before what the page says.</summary>
    /// <param name="width">Of a picture, in pixels.</param>
    /// <param name="pictures">More about how they look.</param>
    /// <param name="rules">More rules, a line each.</param>
    public static StringBuilder Begin(string title, int width, string pictures = "", string rules = "") => new(
        $$"""
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <title>{{title}}</title>
        <style>
        body { font: 14px/1.4 system-ui, sans-serif; margin: 2em; color: #222; background: #fafafa }
        table { border-collapse: collapse; margin-bottom: 2em }
        td, th { padding: .2em .8em; border-bottom: 1px solid #ddd; text-align: right }
        td:first-child, th:first-child { text-align: left }
        section { display: flex; flex-wrap: wrap; gap: 12px; margin: 0 0 1.6em }
        h2 { font-size: 14px; margin: 0 0 .4em }
        figure { margin: 0; width: {{width}}px }
        img { width: {{width}}px{{pictures}} }
        figcaption { font-size: 12px }
        {{rules}}</style>
        <h1>{{title}}</h1>

        """);

    /// <summary>A picture.</summary>
    /// <param name="address">Where it is, or the picture itself.</param>
    /// <param name="caption">As HTML.</param>
    public static void Figure(StringBuilder page, string address, string caption) =>
        page.Append("<figure><img alt=\"\" src=\"").Append(address).Append("\"><figcaption>").Append(caption).Append("</figcaption></figure>\n");
}
