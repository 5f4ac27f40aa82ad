using Dramatis.Pipelines;
using Dramatis.Server.Queue;
using Dramatis.Server.Settings;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Dramatis.Server.Host;

/// <summary>Figures for Prometheus, and where one is named, figures and traces for a collector of OpenTelemetry.</summary>
internal static class TelemetryParts
{
    // From a small step to a long picture.
    private static readonly double[] Seconds = [.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 1800];

    /// <param name="answers">Whether this process answers requests: figures of painters are there.</param>
    public static void AddTelemetry(this IServiceCollection services, ServiceSettings settings, bool answers)
    {
        var telemetry = services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService("dramatis"));
        if (answers)
        {
            telemetry.WithMetrics(metrics => Send(
                metrics.AddMeter(PaintingTelemetry.Name, ServiceTelemetry.Name, "Microsoft.AspNetCore.Hosting", "System.Runtime")
                    .AddView(instrument => instrument.Unit == "s" && instrument.Name.StartsWith("dramatis.", StringComparison.Ordinal)
                        ? new ExplicitBucketHistogramConfiguration { Boundaries = Seconds }
                        : null)
                    .AddPrometheusExporter(),
                settings));
        }

        if (settings.Otlp is not null)
        {
            telemetry.WithTracing(traces => (answers ? traces.AddAspNetCoreInstrumentation() : traces)
                .AddSource(PaintingTelemetry.Name, ServiceTelemetry.Name).AddOtlpExporter(options => To(options, settings.Otlp, "v1/traces")));
        }
    }

    private static void Send(MeterProviderBuilder metrics, ServiceSettings settings)
    {
        if (settings.Otlp is { } collector)
        {
            metrics.AddOtlpExporter(options => To(options, collector, "v1/metrics"));
        }
    }

    private static void To(OtlpExporterOptions options, string collector, string path)
    {
        options.Protocol = OtlpExportProtocol.HttpProtobuf;
        options.Endpoint = Uri.TryCreate($"{collector.TrimEnd('/')}/{path}", UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new Errors.InvalidRequestException("otlp", $"\"{collector}\" is no address; write http://127.0.0.1:4318.");
    }
}
