namespace Dramatis.Errors;

/// <summary>The root of every error that a caller can mend: the message says what, where, and what to do.</summary>
public abstract class DramatisException : Exception
{
    /// <summary>An error with a message for users: what, where and the cure.</summary>
    protected DramatisException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
