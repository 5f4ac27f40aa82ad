using Dramatis.Errors;
using Dramatis.Server.Access;
using Dramatis.Server.Api;
using Dramatis.Server.Api.A1111;
using Dramatis.Server.Api.Documents;
using Dramatis.Server.Api.OpenAi;
using Dramatis.Server.Painting;
using Dramatis.Server.Queue;
using Dramatis.Server.Settings;
using Dramatis.Server.Storage;
using Dramatis.Server.Studio;
using Dramatis.Studio;
using Dramatis.Studio.Service;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;

namespace Dramatis.Server.Host;

/// <summary>A process that answers: the HTTP API, a silo with the dispatcher, and painters as its children.</summary>
internal static partial class ApiHost
{
    private const int StopSeconds = 30;    // beside the time to drain

    public static async Task RunAsync(ServiceSettings settings)
    {
        var log = new ServiceLog();
        await using var app = Build(settings, log);
        foreach (var (variable, meant) in SettingsReader.Unknown(Environment.GetEnvironmentVariables().Keys.OfType<string>()))
        {
            LogUnknown(app.Logger, variable, meant);
        }

        await ServiceDb.PrepareAsync(app.Services.GetRequiredService<IDbContextFactory<ServiceDb>>(), CancellationToken.None);
        await app.Services.GetRequiredService<Doorway>().CheckAsync(app.Services.GetRequiredService<KeyStore>(), settings);
        await StartAsync(app);
        log.Started();
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Console.WriteLine($"Dramatis answers on {string.Join(", ", addresses)}");
        await app.WaitForShutdownAsync();
    }

    private static async Task StartAsync(WebApplication app)
    {
        try
        {
            await app.StartAsync();
        }
        catch (Exception e) when (ListenProblem.Of(e, app.Services.GetRequiredService<Doorway>().Addresses) is { } problem)
        {
            throw new InvalidRequestException("urls", problem);
        }
    }

    private static WebApplication Build(ServiceSettings settings, ServiceLog log)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        var door = Doorway.Of(settings, builder.Configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]).OfType<string>());
        builder.WebHost.UseStaticWebAssets();    // where it was built; a published service has them beside it
        builder.WebHost.UseUrls([.. door.Addresses]);
        builder.WebHost.ConfigureKestrel(options => options.Limits.MaxRequestBodySize = ServiceLimits.BodyBytes(settings));
        builder.WebHost.UseKestrelHttpsConfiguration();
        log.Configure(builder.Logging);
        builder.Services.AddStorage(settings);
        builder.Services.AddSingleton<RequestIntake>();
        builder.Services.AddSingleton<LearnIntake>();
        builder.Services.AddSingleton<CastDesk>();
        builder.Services.AddSingleton<ComeAgain>();
        builder.Services.AddSingleton<ServiceLimits>();
        builder.Services.AddSingleton<JobDesk>();
        builder.Services.AddSingleton<JobFollower>();
        builder.Services.AddSingleton<JobViews>();
        builder.Services.AddSingleton<Errands>();
        builder.Services.AddSingleton<OpenAiAnswers>();
        builder.Services.AddApiDocument();
        builder.Services.AddStudio();
        builder.Services.AddSingleton<IWorkshops, Workshops>();
        builder.Services.AddSingleton<ILogin, Login>();
        builder.Services.AddSingleton(builder.Host.AddSilo(settings, typeof(PainterGrain)));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(settings.Drain + StopSeconds));
        builder.Services.AddSingleton<QueueFigures>();
        builder.Services.AddTelemetry(settings, answers: true);
        builder.Services.AddHostedService<Housekeeper>();
        builder.Services.AddHostedService<Rest>();
        if (settings.Role == ServiceRole.All)
        {
            builder.Services.AddHostedService<PainterProcesses>();
        }

        builder.Services.AddDoorRules(door, settings);
        builder.Services.AddAccess();
        builder.Services.AddExceptionHandler<ProblemHandler>();
        builder.Services.AddProblemDetails();
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);    // then it says what is bad
        builder.Services.ConfigureHttpJsonOptions(options => ApiJson.Configure(options.SerializerOptions));
        var app = builder.Build();
        app.UseDoorRules();
        app.UseApiPage();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseJsonOfCurl();
        app.UseRouting();    // by what a body is, too
        app.UseAccess();
        app.UseStudio();
        app.MapSessions();
        app.MapPictures();
        app.MapJobs();
        app.MapBlobs();
        app.MapCast();
        app.MapCatalog();
        app.MapHealth();
        app.MapOpenAi();
        app.MapA1111();
        app.MapApiDocument();
        app.MapPrometheusScrapingEndpoint().RequireAuthorization(AccessRules.Admins);
        app.MapStudio();
        return app;
    }

    [LoggerMessage(LogLevel.Warning, "the variable {Name} is no setting; there is {Meant}")]
    private static partial void LogUnknown(ILogger log, string name, string meant);
}
