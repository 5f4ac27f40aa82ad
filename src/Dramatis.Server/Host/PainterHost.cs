using Dramatis.Server.Painting;
using Dramatis.Server.Queue;
using Dramatis.Server.Settings;
using Dramatis.Server.Storage;
using Dramatis.Tensors;
using Microsoft.EntityFrameworkCore;

namespace Dramatis.Server.Host;

/// <summary>A process that paints: a silo with a painter's grain, and the painter.</summary>
internal static class PainterHost
{
    private const int StopSeconds = 15;    // beside the time to drain

    public static async Task RunAsync(ServiceSettings settings)
    {
        var parent = ParentWatch.Start();
        var log = new ServiceLog();
        Libtorch.Load();
        var builder = Microsoft.Extensions.Hosting.Host.CreateDefaultBuilder();
        builder.ConfigureLogging(log.Configure);
        builder.AddSilo(settings, typeof(DispatcherGrain), typeof(JobGrain));
        builder.ConfigureServices(services =>
        {
            services.AddStorage(settings);
            services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(settings.Drain + StopSeconds));
            services.AddSingleton<PictureKeeper>();
            services.AddSingleton<PainterMind>();
            services.AddSingleton<IPainting>(parts =>
                settings.Rehearse ? new Rehearsal() : ActivatorUtilities.CreateInstance<ModelPainting>(parts));
            services.AddSingleton<CastTraining>();
            services.AddSingleton<PainterWorker>();
            services.AddTelemetry(settings, answers: false);
            services.AddHostedService<MeasureSender>();
            services.AddHostedService(parts => parts.GetRequiredService<PainterWorker>());
        });
        using var host = builder.Build();
        parent?.Stop = host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication;
        await ServiceDb.PrepareAsync(host.Services.GetRequiredService<IDbContextFactory<ServiceDb>>(), CancellationToken.None);
        await host.StartAsync();
        log.Started();
        await host.WaitForShutdownAsync();
    }
}
