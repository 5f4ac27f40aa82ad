namespace Dramatis.Tensors;

/// <summary>Stands in front of what is for one caller at a time, where a second one would spoil the work of the first without an error.</summary>
/// <param name="owner">Whose name errors have.</param>
/// <param name="cure">How more than one may work.</param>
internal sealed class SoleUse(Type owner, string cure)
{
    private const int Free = 0;
    private const int Taken = 1;
    private const int Closed = 2;

    private int state = Free;

    /// <summary>Until the turn is disposed nobody else enters, a callback of the caller's own neither.</summary>
    /// <exception cref="InvalidOperationException">Somebody is in there.</exception>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    public Turn Enter()
    {
        var found = Interlocked.CompareExchange(ref state, Taken, Free);
        ObjectDisposedException.ThrowIf(found == Closed, owner);
        return found == Free ? new(this) : throw InUse("is at work");
    }

    /// <summary>As <see cref="Enter"/>; null when it is closed.</summary>
    /// <exception cref="InvalidOperationException">Somebody is in there.</exception>
    public Turn? EnterUnlessClosed() => Volatile.Read(ref state) == Closed ? null : Enter();

    /// <summary>Closes it for good: false when it is closed already.</summary>
    /// <exception cref="InvalidOperationException">Somebody is in there, under whose hands nothing may be freed.</exception>
    public bool Close()
    {
        var found = Interlocked.CompareExchange(ref state, Closed, Free);
        return found != Taken ? found == Free : throw InUse("cannot be disposed: it is at work");
    }

    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    public void ThrowIfClosed() => ObjectDisposedException.ThrowIf(Volatile.Read(ref state) == Closed, owner);

    private InvalidOperationException InUse(string what) =>
        new($"This {owner.Name} {what} for another caller, on another thread or further up on this one. {cure}");

    /// <summary>One caller's use.</summary>
    public sealed class Turn(SoleUse use) : IDisposable
    {
        public void Dispose() => Volatile.Write(ref use.state, Free);
    }
}
