namespace Dramatis.Studio.Work;

/// <summary>Tells whoever listens that something is other than before.</summary>
public sealed class Signal
{
    private readonly Lock door = new();
    private Action[] listeners = [];

    /// <returns>What ends the listening.</returns>
    public IDisposable Listen(Action listener)
    {
        lock (door)
        {
            listeners = [.. listeners, listener];
        }

        return new Listening(this, listener);
    }

    public void Send() => Array.ForEach(listeners, listener => listener());

    private sealed class Listening(Signal signal, Action listener) : IDisposable
    {
        public void Dispose()
        {
            lock (signal.door)
            {
                signal.listeners = [.. signal.listeners.Where(other => other != listener)];
            }
        }
    }
}
