namespace Dramatis.Errors;

/// <summary>The root of every error that a caller can mend: the message says what, where, and what to do.</summary>
public abstract class DramatisException : Exception
{
    protected DramatisException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
