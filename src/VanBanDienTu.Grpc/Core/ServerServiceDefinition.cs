namespace Grpc.Core;

/// <summary>The methods of one service object, in the order they were added.</summary>
public class ServerServiceDefinition
{
    private readonly IReadOnlyList<Action<ServiceBinderBase>> methods;

    private ServerServiceDefinition(IReadOnlyList<Action<ServiceBinderBase>> methods) => this.methods = methods;

    public static Builder CreateBuilder() => new();

    internal void BindService(ServiceBinderBase binder)
    {
        foreach (var add in methods)
            add(binder);
    }

    /// <summary>Collects methods; a name may occur once.</summary>
    public class Builder
    {
        private readonly List<Action<ServiceBinderBase>> methods = [];
        private readonly HashSet<string> names = new(StringComparer.Ordinal);

        public Builder AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse> handler)
            where TRequest : class where TResponse : class => Add(method, binder => binder.AddMethod(method, handler));

        public Builder AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse> handler)
            where TRequest : class where TResponse : class => Add(method, binder => binder.AddMethod(method, handler));

        public Builder AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse> handler)
            where TRequest : class where TResponse : class => Add(method, binder => binder.AddMethod(method, handler));

        public Builder AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse> handler)
            where TRequest : class where TResponse : class => Add(method, binder => binder.AddMethod(method, handler));

        public ServerServiceDefinition Build() => new(methods.ToArray());

        private Builder Add(IMethod method, Action<ServiceBinderBase> add)
        {
            if (!names.Add(method.FullName))
                throw new ArgumentException($"The method {method.FullName} was already added.", nameof(method));
            methods.Add(add);
            return this;
        }
    }
}
