using System.Net;
using System.Net.Sockets;
using Dramatis.Errors;
using Dramatis.Server.Queue;
using Dramatis.Server.Settings;
using Dramatis.Server.Storage;
using Dramatis.Weights.Catalog;
using Orleans.Configuration;

namespace Dramatis.Server.Host;

/// <summary>What every process of the service has: settings, database, blobs, models, a silo.</summary>
internal static class ServiceParts
{
    private const string ServiceName = "dramatis";

    public static void AddStorage(this IServiceCollection services, ServiceSettings settings)
    {
        var blobs = Path.Combine(settings.Data!, "blobs");
        Files.OutputFolder.Create(blobs);
        services.AddSingleton(settings);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(new ModelCatalog(ShippedModels.Embedded, settings.Models));
        services.AddPooledDbContextFactory<ServiceDb>(options => ServiceDb.Configure(options, settings));
        services.AddSingleton<JobStore>();
        services.AddSingleton<PictureStore>();
        services.AddSingleton(parts => ActivatorUtilities.CreateInstance<BlobStore>(parts, blobs));
    }

    /// <summary>A silo on free ports of the loopback, with its own kinds of grains.</summary>
    /// <param name="primary">The silo that knows who is there; null when this is it.</param>
    /// <param name="others">Grains that live on other silos.</param>
    public static ServicePorts AddSilo(this IHostBuilder host, IPEndPoint? primary, params Type[] others)
    {
        var ports = new ServicePorts(FreePort(), FreePort());
        host.UseOrleans(silo =>
        {
            primary ??= new(IPAddress.Loopback, ports.Silo);
            silo.UseLocalhostClustering(ports.Silo, ports.Gateway, primary, ServiceName, $"{ServiceName}-{primary.Port}");
            silo.Configure<ClusterMembershipOptions>(options =>
            {
                options.ProbeTimeout = TimeSpan.FromSeconds(1);
                options.NumMissedProbesLimit = 3;
                options.NumVotesForDeathDeclaration = 1;
            });
            silo.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(5));
            silo.Services.AddPlacementDirector<OnItsSilo, OnItsSiloDirector>();
            silo.Services.PostConfigure<GrainTypeOptions>(options => options.Classes.ExceptWith(others));
        });
        return ports;
    }

    /// <exception cref="InvalidRequestException">The text is no address.</exception>
    public static IPEndPoint ClusterOf(ServiceSettings settings) => IPEndPoint.TryParse(settings.Cluster ?? "", out var address)
        ? address
        : throw new InvalidRequestException("cluster", $"\"{settings.Cluster}\" is no HOST:PORT; a painter joins the address that its service says when it starts.");

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>Where a silo listens.</summary>
internal sealed record ServicePorts(int Silo, int Gateway);
