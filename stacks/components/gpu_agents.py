"""The agents without which a GPU, or an EFA interface, is invisible to pods, and unmeasured."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from stacks.components.helm_chart import helm_chart

NAMESPACE = "gpu-system"
ON_EVERY_GPU_MACHINE = [{"key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule"}]
GPU_LABEL = {"nvidia.com/gpu.present": "true"}


@dataclass(frozen=True, kw_only=True)
class GpuAgentsArgs:
    """`efa` adds the plugin for EFA; DRA's driver for EFA does not work with machines that Karpenter starts."""

    efa: bool
    image_registry: str


class GpuAgents(pulumi.ComponentResource):
    """Device plugins and the exporter of GPU metrics, on machines with GPUs only.

    The machine image brings driver and container toolkit; it brings no device plugin.
    """

    def __init__(self, name: str, args: GpuAgentsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:kubernetes:GpuAgents", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        # Agents talk to devices: no other namespace may run privileged pods.
        namespace = kubernetes.core.v1.Namespace(
            NAMESPACE,
            metadata={"name": NAMESPACE, "labels": {"pod-security.kubernetes.io/enforce": "privileged"}},
            opts=child,
        )
        after = pulumi.ResourceOptions(parent=self, depends_on=[namespace])
        helm_chart("nvidia-device-plugin", {"tolerations": ON_EVERY_GPU_MACHINE}, args.image_registry, after)
        if args.efa:
            helm_chart("aws-efa-k8s-device-plugin", {"tolerations": ON_EVERY_GPU_MACHINE}, args.image_registry, after)
        helm_chart(
            "dcgm-exporter",
            {
                "tolerations": ON_EVERY_GPU_MACHINE,
                "nodeSelector": GPU_LABEL,
                "serviceMonitor": {"enabled": False},
            },
            args.image_registry,
            after,
        )
        self.register_outputs({})
