using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server;

/// <summary>One interceptor: its type, and how each call gets one.</summary>
public class InterceptorRegistration
{
    private readonly object[] arguments;
    private ObjectFactory? factory;
    private IServiceProvider? root;
    private bool singleton;
    private Interceptor? instance;

    internal InterceptorRegistration(Type type, object[] arguments)
    {
        Type = type;
        this.arguments = arguments;
    }

    public Type Type { get; }

    public IReadOnlyList<object> Arguments => arguments;

    /// <summary>Finds out which calls need a scope of services for this interceptor: making one costs more than the rest of a call.</summary>
    internal void Prepare(IServiceProvider services, GrpcMarker marker)
    {
        singleton = arguments.Length == 0 && marker.IsSingleton(Type);
        var registered = arguments.Length == 0 && services.GetService<IServiceProviderIsService>()?.IsService(Type) == true;
        if (!registered)
            factory = ActivatorUtilities.CreateFactory(Type, arguments.Select(argument => argument.GetType()).ToArray());
        var needsNothingElse = !registered && Type.GetConstructors().All(constructor => constructor.GetParameters().Length == arguments.Length);
        root = singleton || needsNothingElse ? services : null;
    }

    /// <summary>The registered one when the type is in the container; else a new one, whose owner is the caller.</summary>
    internal Interceptor Activate(HttpContext http, out bool owned)
    {
        owned = factory is not null;
        if (singleton)
            return instance ??= (Interceptor)root!.GetRequiredService(Type);
        var services = root ?? http.RequestServices;
        return (Interceptor)(factory is null ? services.GetRequiredService(Type) : factory(services, arguments));
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
