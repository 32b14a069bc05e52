using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server;

/// <summary>One interceptor: its type, and how each call gets one.</summary>
public class InterceptorRegistration
{
    private readonly object[] arguments;
    private ObjectFactory? factory;

    internal InterceptorRegistration(Type type, object[] arguments)
    {
        Type = type;
        this.arguments = arguments;
    }

    public Type Type { get; }

    public IReadOnlyList<object> Arguments => arguments;

    /// <summary>The registered one when the type is in the container; else a new one, whose owner is the caller.</summary>
    internal Interceptor Activate(IServiceProvider services, out bool owned)
    {
        owned = false;
        if (arguments.Length == 0 && services.GetService(Type) is Interceptor registered)
            return registered;
        owned = true;
        factory ??= ActivatorUtilities.CreateFactory(Type, arguments.Select(argument => argument.GetType()).ToArray());
        return (Interceptor)factory(services, arguments);
    }
}

/// <summary>Interceptors in the order in which a call passes them.</summary>
public class InterceptorCollection : Collection<InterceptorRegistration>
{
    public void Add<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TInterceptor>(params object[] args)
        where TInterceptor : Interceptor => Add(typeof(TInterceptor), args);

    public void Add(Type interceptorType, params object[] args)
    {
        ArgumentNullException.ThrowIfNull(interceptorType);
        ArgumentNullException.ThrowIfNull(args);
        if (!interceptorType.IsSubclassOf(typeof(Interceptor)))
            throw new ArgumentException($"{interceptorType} is no {nameof(Interceptor)}.", nameof(interceptorType));
        Add(new InterceptorRegistration(interceptorType, args));
    }
}
