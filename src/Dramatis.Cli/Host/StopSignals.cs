using System.Runtime.InteropServices;

namespace Dramatis.Cli.Host;

/// <summary>Turns Ctrl-C and a polite kill into cancellation; a second one ends the process at once.</summary>
/// <remarks>
/// Not System.CommandLine's own handling, which ends a process after a time limit, whatever it is writing. A shell starts background jobs
/// deaf to SIGINT: those stop by SIGTERM.
/// </remarks>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource stop;
    private readonly PosixSignalRegistration[] registrations;

    public StopSignals(CancellationToken cancellationToken)
    {
        stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop)];
    }

    public CancellationToken Token => stop.Token;

    public void Dispose()
    {
        Array.ForEach(registrations, registration => registration.Dispose());
        stop.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = !stop.IsCancellationRequested;
        stop.Cancel();
    }
}
