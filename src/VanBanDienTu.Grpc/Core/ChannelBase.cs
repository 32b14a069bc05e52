namespace Grpc.Core;

/// <summary>A way to one server; clients are made from it.</summary>
public abstract class ChannelBase(string target)
{
    public string Target { get; } = target ?? throw new ArgumentNullException(nameof(target));

    public abstract CallInvoker CreateCallInvoker();

    /// <summary>Ends the channel; calls under way are cancelled.</summary>
    public Task ShutdownAsync() => ShutdownAsyncCore();

    protected virtual Task ShutdownAsyncCore() => Task.CompletedTask;
}
