using Grpc.Core.Interceptors;

namespace Grpc.Core;

/// <summary>The base of generated clients.</summary>
public abstract class ClientBase<T> : ClientBase where T : ClientBase<T>
{
    protected ClientBase() { }

    protected ClientBase(ChannelBase channel) : base(channel) { }

    protected ClientBase(CallInvoker callInvoker) : base(callInvoker) { }

    protected ClientBase(ClientBaseConfiguration configuration) : base(configuration) { }

    /// <summary>The same client, addressing this authority in every call.</summary>
    public T WithHost(string host) => NewInstance(Configuration.WithHost(host));

    protected abstract T NewInstance(ClientBaseConfiguration configuration);
}

/// <summary>The part of a generated client that does not depend on its type.</summary>
public abstract class ClientBase
{
    protected ClientBase() : this(new UnimplementedCallInvoker()) { }

    protected ClientBase(ChannelBase channel) : this((channel ?? throw new ArgumentNullException(nameof(channel))).CreateCallInvoker()) { }

    protected ClientBase(CallInvoker callInvoker) : this(new ClientBaseConfiguration(callInvoker, null)) { }

    protected ClientBase(ClientBaseConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        Configuration = configuration;
        CallInvoker = configuration.CreateDecoratedCallInvoker();
    }

    protected CallInvoker CallInvoker { get; }

    private protected ClientBaseConfiguration Configuration { get; }

    /// <summary>An invoker and the authority to address.</summary>
    protected internal class ClientBaseConfiguration
    {
        private readonly CallInvoker invoker;
        private readonly string? host;

        internal ClientBaseConfiguration(CallInvoker invoker, string? host)
        {
            ArgumentNullException.ThrowIfNull(invoker);
            this.invoker = invoker;
            this.host = host;
        }

        internal CallInvoker CreateDecoratedCallInvoker() => host is null ? invoker : invoker.Intercept(new HostInterceptor(host));

        internal ClientBaseConfiguration WithHost(string other) => new(invoker, other);
    }
}
